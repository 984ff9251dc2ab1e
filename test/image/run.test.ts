import assert from 'node:assert/strict';
import { commandLine, isThere, run, RunError } from '../../tools/image/run.ts';

const node = process.execPath;

describe('a program that is run for its reader', () => {
  it('is shown as a shell would take it', () => {
    assert.equal(commandLine(['kind', 'load', '--name=a', "it's", '']), "kind load --name=a 'it'\\''s' ''");
  });

  it('gives what it wrote, reads what it is given', async () => {
    const script = 'process.stdin.pipe(process.stdout)';
    assert.equal(await run([node, '-e', script], { quiet: true, capture: true, input: 'six pods' }), 'six pods');
  });

  it('throws its last words and its code when it fails', async () => {
    const failed = run([node, '-e', 'console.error("no room"); process.exitCode = 3'], { quiet: true });
    await assert.rejects(
      failed,
      (error) => error instanceof RunError && error.code === 3 && /no room/.test(error.message),
    );
  });

  it('is told apart from one that is not there', async () => {
    assert.equal(await isThere('no-such-program-of-all'), false);
    await assert.rejects(run(['no-such-program-of-all'], { quiet: true }), /is not on PATH/);
  });
});
