import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './kube/eventually.ts';
import { FaultyServer } from './kube/faultyServer.ts';
import { TestConfig } from './kube/testConfig.ts';

describe('the process', () => {
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
