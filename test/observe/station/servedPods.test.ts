import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { projectSlice } from '../../../operator/observe/projectSlice.ts';
import { projectService } from '../../../operator/observe/projectChild.ts';
import { portsSeen, servedPods } from '../../../operator/observe/station/servedPods.ts';
import { takeSnapshot } from '../../../operator/observe/station/takeSnapshot.ts';
import { aDeployment, anEndpointSlice, aService } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import { pizzeriaWith } from '../../builders/stores.ts';

const http = { name: 'http', port: 8080, protocol: 'TCP' };
const metrics = { name: 'metrics', port: 9090, protocol: 'TCP' };

function served(slices: readonly Parameters<typeof anEndpointSlice>[0][], ...names: readonly string[]): string[] {
  return servedWith(slices, names, names);
}

function servedWith(
  slices: readonly Parameters<typeof anEndpointSlice>[0][],
  names: readonly string[],
  declared: readonly string[],
): string[] {
  return [
    ...servedPods(
      slices.map((slice) => projectSlice(anEndpointSlice(slice))),
      names,
      declared,
    ),
  ];
}

describe('a pod that traffic goes to', () => {
  it('is listed as ready with every port of the Service', () => {
    const both = { ports: [http, metrics], ready: ['a'], notReady: ['b'] };
    assert.deepEqual(served([both, { ports: [http], ready: ['c'] }], 'http', 'metrics'), ['a']);
  });

  it('may have its ports in slices of their own', () => {
    const slices = [
      { ports: [http], ready: ['a'] },
      { ports: [metrics], ready: ['a'] },
    ];
    assert.deepEqual(served(slices, 'http', 'metrics'), ['a']);
  });

  it('needs no port that was added to the Service by hand and no pod has, but one that some have', () => {
    const slices = [{ ports: [http], ready: ['a'] }];
    assert.deepEqual(servedWith(slices, ['http', 'metrics'], ['http']), ['a']);
    assert.deepEqual(servedWith(slices, ['http', 'metrics'], ['http', 'metrics']), []);
    const rolled = [...slices, { ports: [http, metrics], ready: ['b'] }];
    assert.deepEqual(servedWith(rolled, ['http', 'metrics'], ['http']), ['b']);
  });

  it('is none in a slice without ports, where Kubernetes puts pods that lack the name', () => {
    for (const ports of [null, [], [{ name: 'http', port: null }]])
      assert.deepEqual(served([{ ports, ready: ['a'] }]), [], JSON.stringify(ports));
  });

  it('is none of a slice that is being deleted: another has it, or will', () => {
    assert.deepEqual(served([{ ports: [http], ready: ['a'], deleting: true }], 'http'), []);
  });

  it('needs a port that is new in the Service only when slices must have it', () => {
    const memory = new FirstSeen();
    const seen = (nowMs: number, ...names: readonly string[]): ReturnType<typeof portsSeen> => {
      const ports = names.map((name) => ({ name, port: 80, protocol: 'TCP', targetPort: name }));
      return portsSeen({ uid: 'uid-service', ports }, { memory, nowMs });
    };
    assert.deepEqual(seen(0, 'http'), { names: [], lookAgainMs: 2_000 });
    assert.deepEqual(seen(2_000, 'http', 'metrics'), { names: ['http'], lookAgainMs: 2_000 });
    assert.deepEqual(seen(4_000, 'http', 'metrics'), { names: ['http', 'metrics'], lookAgainMs: undefined });
    assert.deepEqual(portsSeen(undefined, { memory, nowMs: 0 }), { names: [], lookAgainMs: undefined });
  });

  it('is told in the snapshot, with the ports that it declares', () => {
    const memory = new FirstSeen();
    const service = aService({ spec: { ports: [{ name: 'http', port: 80, targetPort: 'http' }] } });
    const pods = ['a', 'b'].map((name) =>
      aPod({ name: `pizzeria-grill-zone-a-${name}`, ports: [{ containerPort: 1 }] }),
    );
    const slices = [
      anEndpointSlice({ name: 'x', ports: [http], ready: ['uid-pizzeria-grill-zone-a-a'] }),
      anEndpointSlice({ name: 'y', ports: null, ready: ['uid-pizzeria-grill-zone-a-b'] }),
    ];
    const snapshot = takeSnapshot(
      aKey('food/pizzeria-grill'),
      pizzeriaWith(aNode(), aDeployment(), service, ...pods, ...slices),
      { memory, nowMs: 0 },
    );
    assert.deepEqual(
      snapshot?.zones[0]?.pods.map(({ servedMs, ports }) => [servedMs, ports]),
      [
        [0, ':1/TCP'],
        [undefined, ':1/TCP'],
      ],
    );
    assert.equal(snapshot?.lookAgainMs, 2_000);
  });
});

describe('ports', () => {
  it('of a Service lead to their own number when it gives no target', () => {
    const { ports } = projectService(aService({ spec: { ports: [{ port: 80 }] } }));
    assert.deepEqual(ports, [{ name: '', port: 80, protocol: 'TCP', targetPort: 80 }]);
  });
});
