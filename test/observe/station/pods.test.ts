import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import { observeNode } from '../../../operator/observe/nodes/nodes.ts';
import { observePod } from '../../../operator/observe/station/pods.ts';
import { projectNode, projectPod } from '../../../operator/observe/project.ts';
import type { PodView } from '../../../operator/model/pod.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { at } from '../../builders/objects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';
import type { PodParts } from '../../builders/podObjects.ts';

interface Scene {
  readonly pod?: PodParts;
  /** Undefined: the node is gone. */
  readonly node?: NodeParts | undefined;
  /** When the Lease of the node, which is suspect, was renewed last; seconds as in `at`. */
  readonly renewedAt?: number;
  readonly served?: boolean;
  readonly nowMs?: number;
  readonly memory?: FirstSeen;
}

function seen(scene: Scene): PodView {
  const { memory = new FirstSeen(), nowMs = 0, served = false } = scene;
  const pod = projectPod(aPod(scene.pod));
  assert.ok(pod !== undefined);
  const parts = 'node' in scene ? scene.node : {};
  const renewedAt = scene.renewedAt === undefined ? [] : [Date.parse(at(scene.renewedAt)) / 1000];
  const suspects = new Map(renewedAt.map((seconds) => ['node-a1', seconds]));
  const nodes = new Map(
    parts === undefined ? [] : [['node-a1', observeNode(projectNode(aNode(parts)), { memory, nowMs, suspects })]],
  );
  return observePod(pod, { nodes, served: new Set(served ? [pod.uid] : []), slowAfterMs: 180_000, memory, nowMs }).view;
}

const dead: NodeParts = { ready: 'Unknown', readyAt: 500 };

describe('the state of a pod', () => {
  const rows: readonly (readonly [string, Scene, string])[] = [
    ['sure when it is Ready on a healthy node', {}, 'sure'],
    ['starting while it is not Ready', { pod: { readyAt: false } }, 'starting'],
    ['starting while it has no node', { pod: { unschedulable: '0/9 nodes are available' } }, 'starting'],
    ['leaving when its node is cordoned', { node: { unschedulable: true } }, 'leaving'],
    [
      'starting when it is not Ready, on a leaving node too',
      { pod: { readyAt: false }, node: { unschedulable: true } },
      'starting',
    ],
    ['doubtful when it is still Ready on a lost node', { node: dead }, 'doubtful'],
    ['doubtful when it is still Ready and its node is gone', { node: undefined }, 'doubtful'],
    ['doubtful when it is Ready on a suspect node', { renewedAt: 500 }, 'doubtful'],
    ['deleting when it is being deleted, wherever it is', { pod: { deleting: true }, node: dead }, 'deleting'],
  ];
  for (const [what, scene, state] of rows) it(`is ${what}`, () => assert.equal(seen(scene).state, state));

  it('is marked by the lowest deletion cost alone', () => {
    assert.equal(seen({ pod: { cost: '-2147483648' } }).marked, true);
    assert.equal(seen({ pod: { cost: '-100' } }).marked, false);
    assert.equal(seen({}).marked, false);
  });
});

describe('a pod is lost with its node', () => {
  const rows: readonly (readonly [string, Scene, boolean])[] = [
    ['when it was made before', { pod: { createdAt: 400 }, node: dead }, true],
    ['when it was made in the same second', { pod: { createdAt: 500 }, node: dead }, true],
    ['when it never became Ready there', { pod: { createdAt: 400, readyAt: false }, node: dead }, true],
    ['not when it was made after', { pod: { createdAt: 501, readyAt: false }, node: dead }, false],
    ['not when the node only stopped being Ready this moment', { node: { ready: 'False', readyAt: 500 } }, false],
    ['when its node is gone and it is still Ready', { node: undefined }, true],
    ['not when its node is gone and it is not Ready', { pod: { readyAt: false }, node: undefined }, false],
    ['when it was made before a suspect node’s last renewal', { pod: { createdAt: 499 }, renewedAt: 500 }, true],
    ['when it never became Ready there', { pod: { createdAt: 499, readyAt: false }, renewedAt: 500 }, true],
    [
      'not when it was made in the very second of that and never got Ready',
      { pod: { createdAt: 500, readyAt: false }, renewedAt: 500 },
      false,
    ],
    ['when it got Ready before another renewal was due', { pod: { createdAt: 510 }, renewedAt: 500 }, true],
    [
      'not when it was made later and gets Ready there: the node lives',
      { pod: { createdAt: 511 }, renewedAt: 500 },
      false,
    ],
    [
      'by the node’s own Ready when it is known to be lost',
      { pod: { createdAt: 450 }, node: dead, renewedAt: 400 },
      true,
    ],
    ['not on a healthy node', {}, false],
    ['not on a leaving node', { node: { unschedulable: true } }, false],
  ];
  for (const [what, scene, lost] of rows) it(what, () => assert.equal(seen(scene).node?.lostWithIt, lost));
});

describe('a pod leaves with its node', () => {
  const going = (conditionsAt: number | null): NodeParts => ({ conditions: ['DrainInProgress'], conditionsAt });
  const rows: readonly (readonly [string, Scene, boolean])[] = [
    ['when it was there before', { pod: { createdAt: 400 }, node: going(500) }, true],
    ['when it came within the second in which that is heard of', { pod: { createdAt: 501 }, node: going(500) }, true],
    ['not when it came after', { pod: { createdAt: 502 }, node: going(500) }, false],
    ['not when it was made before and bound after', { pod: { createdAt: 400, boundAt: 502 }, node: going(500) }, false],
    ['not where nothing tells, and more can come', { node: going(null) }, false],
    ['where nothing tells, and no more can come', { node: { unschedulable: true } }, true],
    ['not on a healthy node', {}, false],
    ['not on a lost node', { node: dead }, false],
  ];
  for (const [what, scene, leaves] of rows) it(what, () => assert.equal(seen(scene).node?.leavesWithIt, leaves));

  it('not when we saw it come later, even if the node was cordoned or tainted again', () => {
    const memory = new FirstSeen();
    const other: PodParts = { name: 'pizzeria-grill-zone-a-rs1-2', createdAt: 400 };
    seen({ memory, pod: other, node: going(500), nowMs: 0 });
    assert.equal(seen({ memory, pod: { createdAt: 530 }, node: going(560), nowMs: 30_000 }).node?.leavesWithIt, false);
    assert.equal(seen({ memory, pod: other, node: going(560), nowMs: 60_000 }).node?.leavesWithIt, true);
    assert.equal(seen({ pod: { createdAt: 530 }, node: going(560) }).node?.leavesWithIt, true, 'nothing was seen yet');
  });
});

describe('the ages of a pod', () => {
  it('begin at 0 after a restart, however old the pod', () => {
    const view = seen({ pod: { createdAt: 20 }, served: true, nowMs: 9_000 });
    assert.deepEqual([view.readyMs, view.servedMs, view.node?.stateMs], [0, 0, 0]);
  });

  it('grow while a fact holds and begin again after a break', () => {
    const memory = new FirstSeen();
    seen({ memory, served: true, nowMs: 0 });
    assert.deepEqual(
      [seen({ memory, served: true, nowMs: 3_000 }).servedMs, seen({ memory, nowMs: 4_000 }).servedMs],
      [3_000, undefined],
    );
    const back = seen({ memory, served: true, nowMs: 9_000 });
    assert.deepEqual([back.servedMs, back.readyMs], [0, 9_000]);
  });

  it('count Ready from 0 again when it flickered unseen', () => {
    const memory = new FirstSeen();
    seen({ memory, pod: { readyAt: 25 }, nowMs: 0 });
    assert.equal(seen({ memory, pod: { readyAt: 31 }, nowMs: 8_000 }).readyMs, 0);
  });

  it('tell the scheduler’s words and how long it has found no room', () => {
    const memory = new FirstSeen();
    const scene = { memory, pod: { unschedulable: '0/9 nodes are available: 9 Insufficient cpu.' } };
    seen({ ...scene, nowMs: 0 });
    assert.deepEqual(seen({ ...scene, nowMs: 15_000 }).unschedulable, {
      message: '0/9 nodes are available: 9 Insufficient cpu.',
      ageMs: 15_000,
    });
  });

  it('tell how long its node has been gone', () => {
    const memory = new FirstSeen();
    seen({ memory, node: undefined, nowMs: 0 });
    assert.deepEqual(seen({ memory, node: undefined, nowMs: 6_000 }).node, {
      name: 'node-a1',
      state: 'gone',
      stateMs: 6_000,
      lostWithIt: true,
      leavesWithIt: false,
      healedMs: undefined,
    });
  });
});

describe('a healed node', () => {
  it('tells how long it has been back', () => {
    const memory = new FirstSeen();
    const scene: Scene = { memory, pod: { createdAt: 20 }, node: { readyAt: 900 } };
    seen({ ...scene, nowMs: 0 });
    assert.equal(seen({ ...scene, nowMs: 120_000 }).node?.healedMs, 120_000);
  });

  it('counts from 0 again when it goes and comes again', () => {
    const memory = new FirstSeen();
    seen({ memory, node: { readyAt: 900 }, nowMs: 0 });
    assert.equal(seen({ memory, node: { readyAt: 990 }, nowMs: 90_000 }).node?.healedMs, 0);
  });

  it('is none that was Ready before the pod was made', () => {
    assert.equal(seen({ pod: { createdAt: 20 }, node: { readyAt: 10 } }).node?.healedMs, undefined);
  });

  it('is none that came for a pod that waited', () => {
    const waited: PodParts = { createdAt: 20, boundAt: 70, readyAt: 75 };
    assert.equal(seen({ pod: waited, node: { createdAt: 50, readyAt: 60 } }).node?.healedMs, undefined);
  });
});
