import assert from 'node:assert/strict';
import { aliveLabel } from '../../tools/cluster/components.ts';
import {
  isReady,
  nodeBody,
  reallyRunning,
  zoneLabel,
  zoneName,
  zoneOf,
  type NodeObject,
  type PodObject,
} from '../../tools/cluster/nodes.ts';

describe('the nodes of a local cluster', () => {
  it('are in zones named by letters', () => {
    assert.deepEqual([zoneName(0), zoneName(1), zoneName(25)], ['zone-a', 'zone-b', 'zone-z']);
    assert.throws(() => zoneName(26), /at most 26 zones/);
  });

  it('have addresses of their own', () => {
    const bodies = [0, 1, 255, 256, 1000].map((index) =>
      JSON.stringify(nodeBody({ name: 'n', zone: 'zone-a', index })),
    );
    const addresses = bodies.map((body) => /172\.\d+\.\d+\.1/.exec(body)?.[0]);
    const ranges = bodies.map((body) => /10\.\d+\.\d+\.0\/24/.exec(body)?.[0]);
    assert.deepEqual(addresses, ['172.16.0.1', '172.16.1.1', '172.16.255.1', '172.17.0.1', '172.19.232.1']);
    assert.equal(new Set(ranges).size, bodies.length);
  });

  it('carry their zone', () => {
    assert.equal(zoneOf(nodeBody({ name: 'n', zone: 'zone-b', index: 0 }) as NodeObject), 'zone-b');
    assert.equal(zoneOf({ metadata: { name: 'n' } }), '');
  });

  it('have less room, other labels and taints if asked for', () => {
    const taints = [{ key: 'dedicated', value: 'others', effect: 'NoSchedule' }];
    const traits = { pods: 2, labels: { disk: 'ssd', [zoneLabel]: null }, taints };
    const node = nodeBody({ name: 'n', zone: 'zone-b', index: 0 }, traits) as NodeObject & {
      readonly spec: { readonly taints: unknown };
      readonly status: { readonly allocatable: { readonly pods: string } };
    };
    assert.deepEqual([node.status.allocatable.pods, node.metadata.labels?.['disk'], zoneOf(node)], ['2', 'ssd', '']);
    assert.deepEqual(node.spec.taints, taints);
    assert.ok(!Object.hasOwn(node.metadata.labels ?? {}, zoneLabel));
  });
});

describe('the pods that really run', () => {
  const nodes = [aNode('lives', true), aNode('dead', false)];

  it('are those that are ready on a node that lives', () => {
    const pods = [
      aPod({ node: 'lives' }),
      aPod({ node: 'lives', ready: false }),
      aPod({ node: 'dead' }),
      aPod({ node: 'gone' }),
      aPod({}),
    ];
    assert.deepEqual(reallyRunning(pods, nodes), [pods[0]]);
  });

  it('are not those that are going', () => {
    assert.deepEqual(reallyRunning([aPod({ node: 'lives', going: true })], nodes), []);
  });

  it('are counted without the control plane having noticed', () => {
    const pod = aPod({ node: 'dead' });
    assert.ok(isReady(pod));
    assert.deepEqual(reallyRunning([pod], nodes), []);
  });
});

function aNode(name: string, alive: boolean): NodeObject {
  return { metadata: { name, labels: { [zoneLabel]: 'zone-a', ...(alive ? { [aliveLabel]: 'true' } : {}) } } };
}

function aPod({ node, ready = true, going = false }: { node?: string; ready?: boolean; going?: boolean }): PodObject {
  return {
    metadata: { name: 'pod', namespace: 'default', ...(going ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: node === undefined ? {} : { nodeName: node },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}
