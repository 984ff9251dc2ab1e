import assert from 'node:assert/strict';
import { Refused, SimulatedApi } from '../../tools/bench/big/api.ts';
import { tableOf } from '../../tools/bench/big/table.ts';
import type { BigResult } from '../../tools/bench/big/big.ts';

const collection = '/apis/apps/v1/deployments';
const spot = { collection, namespace: 'food', name: 'grill' };
const grill = { metadata: { namespace: 'food', name: 'grill' }, spec: { replicas: 2 } };

function aResult(of: Partial<BigResult>): BigResult {
  return {
    who: 'now',
    nodes: 10,
    pods: 200,
    stations: 22,
    syncedS: 1,
    startS: 2,
    startCpuS: 2,
    heapMib: 50,
    rssMib: 100,
    halfHeapMib: undefined,
    halfRssMib: undefined,
    lookMs: 2,
    idleCores: 0.01,
    deathCpuS: 4,
    deathLooks: 100,
    deathWrites: 100,
    deathPods: 66,
    ...of,
  };
}

describe('the simulated API server of the bench of big clusters', () => {
  it('tells of each write, with a newer version, and raises the generation with the spec only', () => {
    const api = new SimulatedApi();
    const told: string[] = [];
    api.onChange(({ type, object }) => told.push(`${type} ${object.metadata.generation}`));
    api.put(collection, grill);
    api.patch(spot, { metadata: { annotations: { a: '1' } } }, '');
    api.patch(spot, { spec: { replicas: 3 } }, '');
    api.drop(spot);
    assert.deepEqual(told, ['ADDED 1', 'MODIFIED 1', 'MODIFIED 2', 'DELETED 2']);
    assert.equal(api.get(spot), undefined);
  });

  it('refuses what was decided on an older version', () => {
    const api = new SimulatedApi();
    const { metadata } = api.put(collection, grill);
    api.patch(spot, { spec: { replicas: 3 } }, '');
    const stale = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { replicas: 4 } };
    assert.throws(
      () => api.patch(spot, stale, ''),
      (error) => error instanceof Refused && error.code === 409,
    );
  });
});

describe('the table of big clusters', () => {
  it('says by how much a figure grew faster than what it grows with', () => {
    const table = tableOf([aResult({}), aResult({ nodes: 50, pods: 1000, startS: 20, rssMib: 250, lookMs: 2 })]);
    const line = (what: string): string => table.split('\n').find((each) => each.includes(what)) ?? '';
    assert.match(line('every station looked at'), /2\.0\s+20\.0 \(2\.0\)/);
    assert.match(line('RSS, MiB'), /100\s+250 \(0\.5\)/);
    assert.match(line('a look with nothing to do'), /2\.00\s+2\.00 \(1\.0\)/);
  });

  it('leaves out what was given up', () => {
    assert.match(tableOf([aResult({ deathCpuS: undefined })]), /^ *a zone dies: CPU, s +–$/m);
  });
});
