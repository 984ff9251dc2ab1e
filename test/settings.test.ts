import assert from 'node:assert/strict';

import { readSettings } from '../operator/settings.ts';

describe('the flags', () => {
  it('have defaults for a person at a terminal, and for a pod', () => {
    const settings = readSettings([], { isTTY: true });
    assert.deepEqual(settings, {
      kubeconfig: undefined,
      context: undefined,
      namespaces: [],
      leaderElect: false,
      leaderElectionNamespace: undefined,
      listen: { host: '127.0.0.1', port: 8080 },
      workers: 8,
      suspectAfterMs: undefined,
      forgetZoneAfterMs: 21_600_000,
      logLevel: 'info',
      logFormat: 'text',
    });
    assert.equal(readSettings([], {}).logFormat, 'json');
  });

  it('are read as the chart passes them', () => {
    const args = ['--leader-elect', '--leader-election-namespace=kitchens', '--listen=:8080', '--log-format=json'];
    const settings = readSettings(
      [...args, '--log-level=debug', '--namespace=a', '--namespace=b', '--namespace=a'],
      {},
    );
    assert.deepEqual(
      [settings.leaderElect, settings.leaderElectionNamespace, settings.logLevel, settings.namespaces],
      [true, 'kitchens', 'debug', ['a', 'b']],
    );
    assert.deepEqual(settings.listen, { host: undefined, port: 8080 });
  });

  it('take durations', () => {
    const { suspectAfterMs, forgetZoneAfterMs } = readSettings(['--suspect-after=25s', '--forget-zone-after=90m'], {});
    assert.deepEqual([suspectAfterMs, forgetZoneAfterMs], [25_000, 5_400_000]);
    assert.equal(readSettings(['--suspect-after', '15s'], {}).suspectAfterMs, 15_000);
  });

  it('can serve nowhere', () => {
    assert.equal(readSettings(['--listen', 'off'], {}).listen, undefined);
  });
});
