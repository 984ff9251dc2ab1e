import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { eventually } from './kube/eventually.ts';
import { FaultyServer } from './kube/faultyServer.ts';
import { TestConfig } from './kube/testConfig.ts';

describe('the process', () => {
  const refused: readonly (readonly [flag: string, why: RegExp])[] = [
    ['--suspect-after=10s', /'10s' is invalid\. it is a duration of at least 15s, such as 25s/],
    ['--forget-zone-after=0s', /'0s' is invalid\. it is a duration, such as 6h/],
  ];
  for (const [flag, why] of refused) {
    it(`does not start with ${flag}`, async () => {
      const child = spawn(process.execPath, ['operator/main.ts', flag], { stdio: ['ignore', 'ignore', 'pipe'] });
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      assert.match(said, why);
      assert.equal(code, 1);
    });
  }

  it('ends well when it is told to before it has started', async () => {
    const server = await new FaultyServer().start();
    const config = await TestConfig.make(server.url);
    server.fail(() => true, { kind: 'hang' });
    const args = ['operator/main.ts', '--kubeconfig', config.file, '--listen', 'off'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    try {
      const ended = once(child, 'exit');
      await eventually(() => server.requests.length > 0);
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      child.kill('SIGKILL');
      await server.stop();
      await config.remove();
    }
  });
});
