import { kitchenFigures } from '../../../../operator/report/kitchen/figures.ts';
import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { planKitchen } from '../../../../operator/plan/kitchen/planKitchen.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { addPod, after, cordon, pods, spec, zone } from '../../../builders/changes.ts';
import type { Change } from '../../../builders/changes.ts';
import { aDeclaredView, aKitchenSnapshot } from '../../../builders/kitchenSnapshot.ts';
import { converged, play, stepsOf } from '../../../builders/play.ts';
import { served } from '../../../builders/served.ts';
import { absent, aPodNode } from '../../../builders/snapshot.ts';

const name = 'pizzeria-grill-zone-a';
const zones = { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 2 }, 'zone-c': { nodes: 3, pods: 2 } };
const whole = served({ demand: 6, survive: { pods: 1 }, zones });

/** The Deployment of zone-a is being deleted. */
function deleting(...finalizers: readonly string[]): Change {
  return zone('zone-a', (each) => ({
    ...each,
    deployment: { state: 'deleting', name, finalizers },
    full: `Deployment ${name} is being deleted`,
  }));
}

const foreground = deleting('foregroundDeletion');
const goingPods = (over: Partial<PodView> = {}): Change =>
  pods(({ name: pod }) => pod.startsWith('zone-a'), { state: 'deleting', ready: false, servedMs: undefined, ...over });

function said(snapshot: Snapshot): readonly string[] {
  return planStation(snapshot).problems.map(({ kind, reason, message }) => `${kind} ${reason}: ${message}`);
}

describe('a Deployment that is being deleted', () => {
  it('gets a share of 0: the others have its share at once, and nothing is written to it', () => {
    for (const going of [after(whole, foreground), after(whole, foreground, goingPods())]) {
      const steps = stepsOf(going).filter((step) => !step.startsWith('budget'));
      assert.deepEqual(steps, ['grow zone-b 2→4', 'grow zone-c 2→3']);
      assert.equal(
        play(going)
          .passes.flat()
          .some((step) => step.includes('zone-a')),
        false,
      );
    }
  });

  it('gets its share again when it is gone', () => {
    const grown = converged(play(after(whole, foreground, goingPods())).end);
    const gone = after(
      { ...grown, fullMs: 60_000 },
      zone('zone-a', (each) => ({ ...each, deployment: absent, full: undefined, pods: [] })),
    );
    assert.deepEqual(stepsOf(gone).slice(0, 1), ['create zone-a 0→3']);
    const { end } = play(gone);
    assert.deepEqual(
      end.zones.map(({ pods: all }) => all.length),
      [3, 2, 2],
    );
  });

  it('keeps its pods apart in the budget for as long as they live: they may go at any moment', () => {
    assert.equal(stepsOf(after(whole, foreground))[0], 'budget 9');
  });

  it('has no pods that are handed over or marked, whatever their nodes do', () => {
    const leaving = after(whole, deleting('example.org/keep'), cordon('zone-a-1'));
    assert.equal(
      play(leaving)
        .passes.flat()
        .some((step) => step.includes('zone-a')),
      false,
    );
  });

  it('says whom it waits for: what holds it itself, a pod that is held, a pod on a dead node, or pods that end', () => {
    const tail =
      'it is made again when it is gone; until then no pod is made in zone-a, and the other zones make its share';
    const begin = `ChildDeleting WaitsForDeletion: Deployment ${name} is being deleted and waits for`;
    const cases: readonly (readonly [Snapshot, string])[] = [
      [
        after(whole, deleting('example.org/keep')),
        'what holds it (finalizer example.org/keep): the program that set it must take it off, or you do',
      ],
      [
        after(whole, foreground, goingPods({ finalizers: ['example.org/never'] })),
        'pod zone-a-pod-1 (finalizer example.org/never): the program that set it must take it off, or you do',
      ],
      [
        after(whole, foreground, goingPods({ node: aPodNode({ name: 'n1', state: 'lost' }) })),
        'pod zone-a-pod-1 on n1, which is lost: bring the node back, or delete the pod by force',
      ],
      [after(whole, foreground, goingPods()), '3 pods to end'],
      [
        after(
          whole,
          foreground,
          zone('zone-a', (each) => ({ ...each, pods: [] })),
        ),
        'what it owns: kubectl get replicasets,pods shows what is left',
      ],
    ];
    for (const [snapshot, awaited] of cases) assert.deepEqual(said(snapshot), [`${begin} ${awaited}; ${tail}`]);
  });

  it('is waited for', () => {
    const { waits } = planStation(after(whole, foreground, goingPods()));
    assert.ok(waits.some(({ what, why }) => what === `make Deployment ${name} again` && why.endsWith('3 pods to end')));
  });

  it('is named as the reason, not room, when no zone is left', () => {
    const all = { ...whole, zones: whole.zones.map((each) => after(whole, foreground).zones[0] ?? each) };
    const kinds = planStation(all).problems.map(({ kind }) => kind);
    assert.deepEqual(new Set(kinds), new Set(['ChildDeleting']));
    assert.equal(planStation(all).target, 7);
  });

  it('does not hide that pods of another zone find no room', () => {
    const pending = {
      state: 'starting',
      node: undefined,
      unschedulable: { message: 'no cpu', ageMs: 20_000 },
    } as const;
    const both = after(whole, foreground, addPod('zone-b', { name: 'p', ...pending }));
    assert.ok(said(both).some((words) => words.startsWith('NoRoom Unschedulable: 1 pod in zone-b')));
    const own = after(whole, foreground, addPod('zone-a', { name: 'p', ...pending }));
    assert.ok(!said(own).some((words) => words.startsWith('NoRoom')));
  });
});

describe('a Service or budget that is being deleted', () => {
  const going = { state: 'deleting', name: 'pizzeria-grill', finalizers: ['example.org/keep'] } as const;

  it('is not written to, and is made again when it is gone', () => {
    const changed = after({ ...whole, service: going, budget: going }, spec({ replicas: 7 }));
    assert.deepEqual(
      stepsOf(changed).filter((step) => /service|budget/.test(step)),
      [],
    );
    assert.deepEqual(stepsOf({ ...whole, service: absent, budget: absent }), ['service', 'budget 6']);
  });

  it('lets nothing be shrunk or rolled out while it is the budget', () => {
    const less = after({ ...whole, budget: going }, spec({ replicas: 3 }));
    assert.ok(!stepsOf(less).some((step) => step.startsWith('shrink')));
    const waits = planStation(play(less).end).waits.map(({ why }) => why);
    assert.ok(waits.includes('the budget is being deleted'), waits.join('; '));
  });

  it('is told of with what it waits for', () => {
    const held = 'what holds it (finalizer example.org/keep): the program that set it must take it off, or you do';
    assert.deepEqual(said({ ...whole, service: going, budget: { ...going, finalizers: [] } }), [
      `ChildDeleting WaitsForDeletion: Service pizzeria-grill is being deleted and waits for ${held}; it is made again when it is gone; until then its ports stay as they are`,
      'ChildDeleting WaitsForDeletion: PodDisruptionBudget pizzeria-grill is being deleted and waits for what it owns; it is made again when it is gone; until then it guards as it is, but no pod is handed over and no template is rolled out',
    ]);
  });
});

describe('a namespace that is being deleted', () => {
  it('has nothing done in it, and one thing said', () => {
    const ending = after({ ...whole, namespaceTerminating: true }, foreground, spec({ replicas: 9 }));
    const { steps, waits } = planStation(ending);
    assert.deepEqual([steps, waits], [[], []]);
    assert.deepEqual(said(ending), [
      'ChildDeleting NamespaceTerminating: namespace food is being deleted: nothing can be made in it, and the operator does nothing there; make the Kitchen in another namespace',
    ]);
  });
});

describe('a Station that is being deleted', () => {
  it('is not applied to while its Kitchen declares it, and the Kitchen says so', () => {
    const object = { state: 'deleting', name: 'pizzeria-grill', finalizers: ['example.org/keep'] } as const;
    const snapshot = aKitchenSnapshot({ stations: [aDeclaredView({ object })] });
    const plan = planKitchen(snapshot);
    assert.deepEqual(plan.steps, []);
    assert.equal(
      kitchenFigures(snapshot, plan).conditions.find(({ type }) => type === 'Ready')?.message,
      'grill: its Station is being deleted (finalizer example.org/keep)',
    );
  });
});
