import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { tryBringHome } from '../../../../operator/plan/station/rules/bringHome.ts';
import { growSteps } from '../../../../operator/plan/station/rules/grow.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { addPod, after, deployment, loseNode, mark, named, pods, zone } from '../../../builders/changes.ts';
import type { Change } from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served, settled, zoneName } from '../../../builders/served.ts';
import { aNodeView, aPodNode, zoneNodes } from '../../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});

/** zone-a-1 carries the label of zone-b for so long. */
function relabelled(misplacedMs: number): Snapshot {
  const node = aPodNode({ name: 'zone-a-1', zone: zoneName('zone-b') });
  return after(
    whole,
    zone('zone-a', (each) => ({ ...each, nodes: zoneNodes(each.nodes.carrying.slice(1)) })),
    zone('zone-b', (each) => ({
      ...each,
      nodes: zoneNodes([aNodeView({ name: 'zone-a-1' }), ...each.nodes.carrying]),
    })),
    pods(named('zone-a-pod-1'), { node, misplacedMs }),
  );
}

/** zone-a has one more pod, as told. */
const madeGood: Change = (snapshot) =>
  after(
    snapshot,
    deployment('zone-a', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }),
    addPod('zone-a', { name: 'new-1', node: aPodNode({ name: 'zone-a-2' }) }),
  );

function grown(snapshot: Snapshot): readonly string[] {
  return growSteps(pictureOf(snapshot)).map((step) => `${inShort(step)}: ${step.why}`);
}

function next(snapshot: Snapshot, minAvailable = 7): string | undefined {
  const step = tryBringHome(pictureOf(snapshot)).attempt?.next(minAvailable);
  return step === undefined ? undefined : isStep(step) ? inShort(step) : `${step.what}: ${step.why}`;
}

function waits(snapshot: Snapshot): readonly string[] {
  return tryBringHome(pictureOf(snapshot)).waits.map(({ what, why }) => `${what}: ${why}`);
}

describe('a pod whose node is now in another zone', () => {
  it('counts there at once', () => {
    const { survival } = planStation(relabelled(0));
    assert.deepEqual([survival.zones, survival.short], [0, 0]);
    assert.equal(survival.worst, 'losing zone-b leaves 5 of 6');
  });

  it('is made good in its own zone once the label has stood for 5 s', () => {
    assert.deepEqual(grown(relabelled(4_999)), []);
    const [wait] = planStation(relabelled(3_000)).waits;
    assert.deepEqual([wait?.what, wait?.lookAgainMs], ['pods of zone-a', 2_000]);
    assert.deepEqual(grown(relabelled(5_000)), ['grow zone-a 3→4: 1 pod on nodes that are in zone-b now (zone-a-1)']);
    assert.deepEqual(grown(settled(madeGood(relabelled(5_000)))), []);
  });

  it('is not made good where no pod can be made', () => {
    const barred = after(
      relabelled(5_000),
      zone('zone-a', (each) => ({ ...each, runningUnfit: 'no node has pool=blue' })),
    );
    assert.deepEqual(grown(barred), []);
  });

  it('stays until as many as wanted may be counted on without it', () => {
    assert.equal(next(relabelled(5_000)), undefined);
    assert.deepEqual(waits(relabelled(5_000)), [
      'bring home: 8 of 9 may be counted on without 1 pod on nodes that are in zone-b now (zone-a-1)',
    ]);
    const starting: Partial<PodView> = { state: 'starting', ready: false, servedMs: undefined };
    assert.equal(next(after(madeGood(relabelled(5_000)), pods(named('new-1'), starting))), undefined);
  });

  it('is marked then, set apart in the budget, and let go', () => {
    const ready = madeGood(relabelled(5_000));
    assert.equal(next(ready), 'mark zone-a-pod-1');
    const [, protect] = [tryBringHome(pictureOf(ready)).attempt?.reserved, next(after(ready, mark('zone-a-pod-1')))];
    assert.equal(protect, 'bring home to zone-a: the budget does not keep 7 ready yet');
    const kept = after(ready, mark('zone-a-pod-1'), (snapshot) => ({
      ...snapshot,
      budget: { ...snapshot.budget, minAvailable: 7, currentHealthy: 10 } as Snapshot['budget'],
    }));
    assert.equal(next(kept), 'shrink zone-a 4→3');
  });

  it('is lost like any other when its node is', () => {
    const lost = after(relabelled(5_000), loseNode('zone-a-1'));
    assert.deepEqual(pictureOf(lost).zones[0]?.misplaced, []);
    assert.deepEqual(
      pictureOf(lost).zones[0]?.owed.map(({ name }) => name),
      ['zone-a-pod-1'],
    );
  });
});
