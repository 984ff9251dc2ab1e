import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../build.ts';
import type { Program } from '../operator.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

/** The operator's bundle, made from a state of the repository. Its files vanish with it. */
export interface Build extends Program, AsyncDisposable {
  /** The start of the bundle's SHA-256. */
  readonly hash: string;
  /** Flags with which it waits until Kubernetes calls a node lost. */
  readonly unsuspecting: readonly string[];
}

/** Bundles what is in this folder now. */
export async function buildHere(): Promise<Build> {
  const into = await mkdtemp(join(tmpdir(), 'kitchen-bench-'));
  await using left = new AsyncDisposableStack();
  left.defer(() => rm(into, { recursive: true, force: true }));
  await bundle(into, ['main']);
  return await kept(left, { root: repository, main: join(into, 'main.js') });
}

/**
 * Bundles a commit by its own `npm run build` in a worktree of its own. It uses the packages of this folder when the
 * commit asks for the same ones, else it installs its own.
 */
export async function buildOf(commit: string, say: (line: string) => void): Promise<Build> {
  const folder = await mkdtemp(join(tmpdir(), 'kitchen-bench-'));
  const root = join(folder, 'worktree');
  await using left = new AsyncDisposableStack();
  left.defer(() => rm(folder, { recursive: true, force: true }));
  await run('git', ['worktree', 'add', '--detach', root, commit], repository);
  left.defer(async () => {
    await run('git', ['worktree', 'remove', '--force', root], repository);
  });
  const [own, ours] = await Promise.all(
    [root, repository].map((at) => readFile(join(at, 'package-lock.json'), 'utf8')),
  );
  if (own === ours) await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  else {
    say(`installing the packages of ${commit}`);
    await run('npm', ['ci'], root);
  }
  await run('npm', ['run', '-s', 'build'], root);
  return await kept(left, { root, main: join(root, 'dist', 'main.js') });
}

/** The full name of a commit. Throws when there is none of that name. */
export async function commitNamed(name: string): Promise<string> {
  try {
    return await run('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], repository);
  } catch (error) {
    throw new Error(`--against ${name}: this repository has no such commit`, { cause: error });
  }
}

async function kept(left: AsyncDisposableStack, program: Program): Promise<Build> {
  const hash = createHash('sha256')
    .update(await readFile(program.main))
    .digest('hex')
    .slice(0, 12);
  const unsuspecting = await unsuspectingFlagsOf(program);
  const moved = left.move();
  return { ...program, hash, unsuspecting, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** Commits before the flag had a default do not know 0: there the flag's absence means the same. */
async function unsuspectingFlagsOf({ main }: Program): Promise<readonly string[]> {
  const flags = ['--suspect-after', '0'];
  try {
    // It checks all flags before it prints its help.
    await run(process.execPath, [main, ...flags, '--help'], repository);
    return flags;
  } catch (error) {
    if (error instanceof Error && error.message.includes("argument '0' is invalid")) return [];
    throw error;
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(command, args, { cwd })).stdout.trim();
}
