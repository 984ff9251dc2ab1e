import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeNode } from '../../../operator/observe/nodes/nodes.ts';
import { projectNode } from '../../../operator/observe/project.ts';
import type { Toleration } from '../../../operator/observe/nodes/tolerations.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';

function observed(parts: NodeParts, memory = new FirstSeen(), nowMs = 0): ReturnType<typeof observeNode> {
  return observeNode(projectNode(aNode(parts)), { memory, nowMs });
}

const taint = (key: string): NodeParts => ({ taints: [{ key, effect: 'NoSchedule' }] });

describe('the state of a node', () => {
  const rows: readonly (readonly [what: string, node: NodeParts, state: string])[] = [
    ['a node that is Ready', {}, 'healthy'],
    ['a node whose Ready is Unknown', { ready: 'Unknown', readyAt: 500 }, 'lost'],
    ['a lost node that was cordoned', { ready: 'Unknown', readyAt: 500, unschedulable: true }, 'lost'],
    ['a cordoned node', { unschedulable: true }, 'leaving'],
    ['a node whose Node is being deleted', { deleting: true }, 'leaving'],
    ["a node with Karpenter's disrupted taint", taint('karpenter.sh/disrupted'), 'leaving'],
    ['a node that Cluster Autoscaler removes', taint('ToBeDeletedByClusterAutoscaler'), 'leaving'],
    ['a node that Cluster Autoscaler only thinks of', taint('DeletionCandidateOfClusterAutoscaler'), 'healthy'],
    ['a node out of service', taint('node.kubernetes.io/out-of-service'), 'leaving'],
    ['a node being drained', { conditions: ['DrainInProgress'] }, 'leaving'],
    ['a node in maintenance', { conditions: ['MaintenanceInProgress'] }, 'leaving'],
    ['a node whose maintenance is only planned', { conditions: ['MaintenancePlanned'] }, 'healthy'],
    ['a node that GKE is about to end', taint('cloud.google.com/impending-node-termination'), 'leaving'],
    ['a spot node that AWS takes back', taint('aws-node-termination-handler/spot-itn'), 'leaving'],
    ['a node that AKS drains', taint('remediator.kubernetes.azure.com/unschedulable'), 'leaving'],
    ['a node that Gardener ends', { conditions: ['Terminating'] }, 'leaving'],
    ['a node with a taint of its owner', taint('example.org/gpu'), 'healthy'],
  ];
  for (const [what, node, state] of rows) {
    it(`is ${state} for ${what}`, () => assert.equal(observed(node).state, state));
  }

  it('is lost by Ready=False only after 10 s', () => {
    const memory = new FirstSeen();
    const down: NodeParts = { ready: 'False', readyAt: 500 };
    assert.deepEqual([observed(down, memory, 0).state, observed(down, memory, 0).lookAgainMs], ['healthy', 10_000]);
    assert.deepEqual([observed(down, memory, 9_999).state, observed(down, memory, 9_999).lookAgainMs], ['healthy', 1]);
    assert.deepEqual(
      [observed(down, memory, 10_000).state, observed(down, memory, 10_000).lookAgainMs],
      ['lost', undefined],
    );
  });

  it('counts from 0 again when Ready came back in between', () => {
    const memory = new FirstSeen();
    observed({ ready: 'False', readyAt: 500 }, memory, 0);
    observed({ ready: 'True', readyAt: 505 }, memory, 5_000);
    observed({ ready: 'False', readyAt: 508 }, memory, 8_000);
    assert.equal(observed({ ready: 'False', readyAt: 508 }, memory, 12_000).state, 'healthy');
    assert.equal(observed({ ready: 'False', readyAt: 508 }, memory, 18_000).state, 'lost');
  });

  it('counts from 0 again even when the moment of Ready was not seen', () => {
    const memory = new FirstSeen();
    observed({ ready: 'False', readyAt: 500 }, memory, 0);
    assert.equal(observed({ ready: 'False', readyAt: 508 }, memory, 12_000).state, 'healthy');
  });
});

describe('a suspect node', () => {
  it('is looked at again when it has been so for long', () => {
    const memory = new FirstSeen();
    const suspects = new Map([['node-a1', 1]]);
    const lookAgainMs = (nowMs: number, parts: NodeParts = {}): number | undefined =>
      observeNode(projectNode(aNode(parts)), { memory, nowMs, suspects }).lookAgainMs;
    assert.deepEqual([lookAgainMs(0), lookAgainMs(299_000), lookAgainMs(300_000)], [300_000, 1_000, undefined]);
    assert.equal(lookAgainMs(301_000, { ready: 'False', readyAt: 500 }), 10_000);
  });
});

describe('a node whose taint evicts pods', () => {
  const tainted = projectNode(aNode({ taints: [{ key: 'maintenance', effect: 'NoExecute' }] }));
  const forAMinute = { key: 'maintenance', operator: 'Exists', tolerationSeconds: 60 };
  let memory: FirstSeen;
  beforeEach(() => {
    memory = new FirstSeen();
  });
  const look = (nowMs: number, ...tolerations: readonly (readonly Toleration[])[]): ReturnType<typeof observeNode> =>
    observeNode(tainted, { memory, nowMs }, { tolerations });

  it('is leaving for those that it evicts, at once or in a while, and for no others', () => {
    assert.deepEqual(
      [look(0, []), look(0, [forAMinute]), look(0, [{ operator: 'Exists' }])].map(({ state }) => state),
      ['leaving', 'leaving', 'healthy'],
    );
    assert.equal(look(0, [{ operator: 'Exists' }], [forAMinute]).state, 'leaving');
  });

  it('says after how long at most the first of them go, counted from when it was seen', () => {
    assert.equal(look(100_000, [forAMinute]).evictsInMs, 60_000);
    assert.equal(look(118_000, [forAMinute]).evictsInMs, 42_000);
    assert.equal(look(200_000, [forAMinute]).evictsInMs, 0);
    assert.equal(look(200_000, [{ operator: 'Exists' }]).evictsInMs, undefined);
  });

  it('has one age for pods that it evicts and one for pods that it does not, whichever station looks in between', () => {
    const evicted = [0, 10_000, 20_000].map((nowMs) => {
      const { stateMs: healthyMs } = look(nowMs, [{ operator: 'Exists' }]);
      const { stateMs, evictsInMs } = look(nowMs, [forAMinute]);
      return [healthyMs, stateMs, evictsInMs];
    });
    assert.deepEqual(evicted, [
      [0, 0, 60_000],
      [10_000, 10_000, 50_000],
      [20_000, 20_000, 40_000],
    ]);
  });

  it('is newly healthy for all stations when the taint is taken away', () => {
    look(0, [forAMinute]);
    const freed = { ...tainted, taints: [] };
    assert.equal(observeNode(freed, { memory, nowMs: 30_000 }).stateMs, 0);
    assert.equal(observeNode(freed, { memory, nowMs: 40_000 }).stateMs, 10_000);
  });

  it('stays leaving, while it is lost, for pods that it evicts', () => {
    const lost = projectNode(
      aNode({ ready: 'Unknown', readyAt: 500, taints: [{ key: 'maintenance', effect: 'NoExecute' }] }),
    );
    const { state, isGoing } = observeNode(lost, { memory, nowMs: 0 }, { tolerations: [[forAMinute]] });
    assert.deepEqual([state, isGoing], ['lost', true]);
  });
});

describe('a node whose Lease is not renewed', () => {
  const state = (parts: NodeParts, suspects: ReadonlyMap<string, number>): string =>
    observeNode(projectNode(aNode(parts)), { memory: new FirstSeen(), nowMs: 0, suspects }).state;
  const silent = new Map([['node-a1', 700]]);

  it('is suspect, cordoned or not, unless it is known to be lost', () => {
    assert.equal(state({}, silent), 'suspect');
    assert.equal(state({ unschedulable: true }, silent), 'suspect');
    assert.equal(state({ ready: 'Unknown', readyAt: 500 }, silent), 'lost');
  });

  it('does not make another node suspect', () => {
    assert.equal(state({}, new Map([['node-a2', 700]])), 'healthy');
  });
});

describe('the age of a node’s state', () => {
  it('begins when the state was first seen, whatever the timestamps say', () => {
    const memory = new FirstSeen();
    assert.equal(observed({ readyAt: 0 }, memory, 1_000).stateMs, 0);
    assert.equal(observed({ readyAt: 0 }, memory, 4_000).stateMs, 3_000);
  });

  it('goes on for a lost node whose Ready changes from False to Unknown', () => {
    const memory = new FirstSeen();
    observed({ ready: 'False', readyAt: 500 }, memory, 0);
    observed({ ready: 'False', readyAt: 500 }, memory, 10_000);
    assert.equal(observed({ ready: 'Unknown', readyAt: 540 }, memory, 50_000).stateMs, 40_000);
  });

  it('begins again for a node that was lost and healed unseen', () => {
    const memory = new FirstSeen();
    observed({ readyAt: 10 }, memory, 0);
    assert.equal(observed({ readyAt: 900 }, memory, 60_000).stateMs, 0);
  });

  it('begins with the suspicion, and again when that ends', () => {
    const memory = new FirstSeen();
    const object = projectNode(aNode({}));
    const suspects = new Map([['node-a1', 700]]);
    observeNode(object, { memory, nowMs: 0 });
    assert.equal(observeNode(object, { memory, nowMs: 30_000, suspects }).stateMs, 0);
    assert.equal(observeNode(object, { memory, nowMs: 35_000, suspects }).stateMs, 5_000);
    assert.equal(observeNode(object, { memory, nowMs: 36_000 }).stateMs, 0);
  });

  it('is not taken over by another node of the same name', () => {
    const memory = new FirstSeen();
    observed({ uid: 'first' }, memory, 0);
    assert.equal(observed({ uid: 'second' }, memory, 60_000).stateMs, 0);
  });

  it('tells how long the node has been Ready, leaving or not', () => {
    const memory = new FirstSeen();
    observed({}, memory, 0);
    assert.equal(observed({ unschedulable: true }, memory, 7_000).readyMs, 7_000);
    assert.equal(observed({ ready: 'Unknown', readyAt: 99 }, memory, 8_000).readyMs, undefined);
  });
});

describe('a new node', () => {
  const rows: readonly (readonly [what: string, node: NodeParts, isNew: boolean])[] = [
    ['is one the cloud has not initialized', taint('node.cloudprovider.kubernetes.io/uninitialized'), true],
    ['is one whose driver has not initialized it', taint('node.kubernetes.io/network-uninitialized'), true],
    ['is one that registered and was never Ready', { createdAt: 50, ready: 'False', readyAt: 50 }, true],
    ['is none that was Ready once', { createdAt: 50, ready: 'False', readyAt: 90 }, false],
    ['is none that is Ready', {}, false],
  ];
  for (const [what, node, isNew] of rows) it(what, () => assert.equal(observed(node).isNew, isNew));
});
