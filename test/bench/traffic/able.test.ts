import assert from 'node:assert/strict';
import { runsOf } from '../../../tools/bench/traffic/able.ts';

const all = { apart: true, programs: new Set(['Envoy', 'haproxy', 'nginx'] as const) };

describe('the runs of the traffic benchmark', () => {
  it('are each fault behind each way, as often as wanted', () => {
    const wanted = { faults: ['calm', 'node-killed'], who: ['hub', 'nginx'], runs: 2 } as const;
    const { runs, leftOut } = runsOf(wanted, all);
    assert.deepEqual(
      runs.map(({ fault, who, run }) => `${fault} ${who} ${run}`),
      [1, 2].flatMap((run) =>
        ['calm hub', 'calm nginx', 'node-killed hub', 'node-killed nginx'].map((name) => `${name} ${run}`),
      ),
    );
    assert.deepEqual(leftOut, []);
  });

  it('are all when nothing is named', () => {
    assert.equal(runsOf({ runs: 1 }, all).runs.length, 8 * 6);
  });

  it('leave out what cannot be done here, and say so', () => {
    const { runs, leftOut } = runsOf({ runs: 1 }, { apart: false, programs: new Set(['nginx'] as const) });
    assert.deepEqual([...new Set(runs.map(({ who }) => who))], ['kube-proxy', 'nginx']);
    assert.ok(runs.every(({ fault }) => !fault.includes('black')));
    assert.deepEqual(leftOut, [
      'black holes: to drop packets takes root, and the programs unshare, ip and iptables',
      'hub: there is no Envoy here',
      'hub, perTryTimeout 500ms: there is no Envoy here',
      'stock Envoy: there is no Envoy here',
      'HAProxy tuned: there is no haproxy here',
    ]);
  });

  it('say nothing of a black hole that nobody wants', () => {
    const wanted = { faults: ['calm'], who: ['kube-proxy'], runs: 1 } as const;
    assert.deepEqual(runsOf(wanted, { apart: false, programs: new Set() }).leftOut, []);
  });
});
