import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../../../tools/generate/helm.ts';

const run = promisify(execFile);

/** The operator of an earlier commit, on the disk until it is disposed of. */
export interface Earlier extends AsyncDisposable {
  /** Its program, as an absolute path. */
  readonly entry: string;
}

/** Unpacks the operator of a commit. Undefined where the clone does not reach back so far. */
export async function earlierOperator(commit: string): Promise<Earlier | undefined> {
  const isThere = await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: repository }).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const dir = await mkdtemp(join(tmpdir(), `kitchen-${commit}-`));
  const archive = join(dir, 'operator.tar');
  await run('git', ['archive', `--output=${archive}`, commit, 'operator', 'package.json'], { cwd: repository });
  await run('tar', ['-xf', archive, '-C', dir]);
  await symlink(join(repository, 'node_modules'), join(dir, 'node_modules'));
  return {
    entry: join(dir, 'operator', 'main.ts'),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}
