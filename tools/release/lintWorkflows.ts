import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureAssets } from '../cluster/assets/cache.ts';
import { actionlint } from '../cluster/assets/sets.ts';
import { repository } from './names.ts';

// Without shellcheck and pyflakes, which some machines have and others lack.
const flags = ['-shellcheck=', '-pyflakes='];

/** Checks the workflows of `.github/workflows`, or the files that are named. */
const program = join(await ensureAssets(actionlint, { say: (line) => console.error(line) }), 'actionlint');
const { status, error } = spawnSync(program, [...flags, ...process.argv.slice(2)], {
  cwd: repository,
  stdio: 'inherit',
});
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
