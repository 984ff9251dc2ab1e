import assert from 'node:assert/strict';
import { aLook, lookedAtPods } from '../builders/look.ts';
import { Gauge } from '../../tools/demo/gauge.ts';

const measured = { service: 'grill', demand: 2, full: 3 };
const nodes = ['zone-a-1', 'zone-b-1', 'zone-c-1'];
const withRunning = (count: number) => aLook({ pods: lookedAtPods('grill', nodes.slice(0, count)) });

function gauged(...counts: readonly (readonly [atMs: number, running: number])[]): Gauge {
  const gauge = new Gauge(measured, 1_000);
  for (const [atMs, running] of counts) gauge.count(withRunning(running), 1_000 + atMs);
  return gauge;
}

describe('Gauge', () => {
  it('keeps the least, and the last moment at which something was missing', () => {
    const { now, least, wholeAfterMs, elapsedMs } = gauged(
      [100, 3],
      [200, 1],
      [900, 2],
      [1_100, 3],
      [5_000, 3],
    ).reading();
    assert.deepEqual(
      { now, least, wholeAfterMs, elapsedMs },
      { now: 3, least: 1, wholeAfterMs: 900, elapsedMs: 5_000 },
    );
  });

  it('is whole from the beginning when nothing was ever missing', () => {
    assert.equal(gauged([100, 3], [200, 3]).reading().wholeAfterMs, 0);
  });

  it('is not whole while something is missing, also again', () => {
    assert.equal(gauged([100, 2]).reading().wholeAfterMs, undefined);
    assert.equal(gauged([100, 2], [200, 3], [300, 2]).reading().wholeAfterMs, undefined);
  });

  it('calls a promise broken below demand, not below the full number', () => {
    assert.equal(gauged([100, 2], [200, 3]).broken(), undefined);
    assert.equal(gauged([100, 1], [200, 3]).broken(), 'grill ran 1 of 2');
  });

  it('counts no pod of another service', () => {
    const gauge = new Gauge(measured, 0);
    gauge.count(aLook({ pods: lookedAtPods('plain', nodes) }), 1);
    assert.equal(gauge.reading().least, 0);
  });
});
