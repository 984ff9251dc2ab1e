import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { NEWEST_DEFAULTS } from '../../../../operator/plan/children/defaults.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { newestTemplateHash } from '../../../../operator/plan/children/deployment.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { tryRollOut } from '../../../../operator/plan/station/rules/rollOut.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  doubt,
  loseNode,
  loseZone,
  named,
  pods,
  recounted,
  spec,
  zone,
} from '../../../builders/changes.ts';
import { applied, converged, inShort, play } from '../../../builders/play.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { annotationOf, served, settled } from '../../../builders/served.ts';
import { aBudgetView, aPodNode } from '../../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});
const template = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };
const changed = settled(after(whole, spec({ template })));
const kept: Snapshot = recounted({ ...changed, budget: aBudgetView({ minAvailable: 7 }) });

function next(snapshot: Snapshot, minAvailable = 7): string | undefined {
  const step = tryRollOut(pictureOf(snapshot)).attempt?.next(minAvailable);
  return step === undefined ? undefined : isStep(step) ? inShort(step) : `${step.what}: ${step.why}`;
}

function held(snapshot: Snapshot): string | undefined {
  const { attempt, waits } = tryRollOut(pictureOf(snapshot));
  assert.equal(attempt, undefined);
  return waits[0] === undefined ? undefined : `${waits[0].what}: ${waits[0].why}`;
}

const unready = { state: 'starting', ready: false } as const;
const stuck = { ...unready, node: undefined, unschedulable: { message: 'no node fits', ageMs: 15_000 } };

describe('rolling out', () => {
  it('has nothing to do when every zone runs the newest template', () => {
    assert.deepEqual(tryRollOut(pictureOf(whole)), { attempt: undefined, waits: [] });
  });

  it('is still to come for every zone that does not run the newest template, also while nothing is written yet', () => {
    assert.deepEqual(planStation(changed).outdated, ['zone-a', 'zone-b', 'zone-c']);
    assert.deepEqual(planStation(whole).outdated, []);
  });

  it('writes the template only once the budget has set the surge apart, and its controller has seen it', () => {
    const waits = 'roll out to zone-a, zone-b, zone-c: the budget does not set the surge apart yet';
    assert.equal(next(changed), waits);
    assert.equal(
      next({ ...kept, budget: aBudgetView({ minAvailable: 7, generation: 2, observedGeneration: 1 }) }),
      waits,
    );
    assert.equal(next({ ...kept, budget: { state: 'absent' } }), waits);
    assert.equal(next({ ...kept, budget: aBudgetView({ minAvailable: undefined }) }), waits);
    assert.equal(next(kept), 'rollOut zone-a 3');
  });

  it('asks the budget for ⌈maxSurge · r⌉ pods, and reserves no pod by name', () => {
    const { attempt } = tryRollOut(pictureOf(changed));
    assert.equal(attempt?.surge, 1);
    assert.deepEqual(attempt?.reserved, []);
  });

  it('writes the newest template with the replicas that are there', () => {
    const step = tryRollOut(pictureOf(kept)).attempt?.next(7);
    assert.ok(step !== undefined && 'intent' in step);
    assert.notEqual(annotationOf(step.intent, 'kitchen.dev/template'), undefined);
    assert.deepEqual((step.intent.body['spec'] as { replicas: number }).replicas, 3);
    assert.equal(step.why, 'its template is not the newest; 2 zones to follow');
  });

  it('goes zone by zone, each complete before the next', () => {
    const first = converged(applied(kept, planStation(kept).steps.at(-1)!));
    assert.equal(held(first), 'roll out to zone-b, zone-c: a rollout is under way in zone-a');
    const second = converged(first);
    assert.equal(next(second), 'rollOut zone-b 3');
    const last = tryRollOut(
      pictureOf(converged(converged(applied(second, planStation(second).steps.at(-1)!)))),
    ).attempt;
    const step = last?.next(7);
    assert.equal(step?.why, 'its template is not the newest; it is the last zone');
  });

  it('is the same for a restart that was asked for', () => {
    const restart = { ...whole, restartedAt: '2026-01-02T03:04:05Z' };
    assert.deepEqual(
      play(restart)
        .passes.flat()
        .filter((step) => step.startsWith('rollOut')).length,
      3,
    );
  });

  const holding: readonly (readonly [string, Snapshot, string])[] = [
    ['a zone is lost', after(kept, loseZone('zone-c')), 'zone-c is lost'],
    [
      'a zone is failing',
      after(
        kept,
        zone('zone-c', (each) => ({ ...each, state: 'failing' })),
      ),
      'zone-c is failing',
    ],
    [
      'a zone is just back',
      after(
        kept,
        zone('zone-c', (each) => ({ ...each, state: 'returning' })),
      ),
      'zone-c has been back for less than 2 min',
    ],
    ['a zone may be dying', after(kept, doubt('zone-c', 'overdue')), 'zone-c may be dying'],
    ['pods are being replaced', after(kept, loseNode('zone-b-1')), '1 pod in zone-b are being replaced'],
    [
      'a write has not been seen',
      after(kept, deployment('zone-b', { generation: 2 })),
      'the Deployment in zone-b has not seen its newest spec',
    ],
    [
      'pods are still to be made',
      after(kept, pods(named('zone-b-pod-1'), { state: 'deleting' })),
      'zone-b has 2 pods and is told to have 3',
    ],
  ];
  for (const [name, snapshot, why] of holding) {
    it(`is held while ${name}`, () => assert.equal(held(snapshot), `roll out to zone-a, zone-b, zone-c: ${why}`));
  }

  it('does not wait for owed pods whose replacements went astray onto leaving nodes: the newest template may be the cure', () => {
    const leaving = [1, 2, 3].flatMap((node) => [cordon(`zone-a-${node}`), cordon(`zone-b-${node}`)]);
    const owed = recounted(after(kept, ...leaving));
    assert.match(held(owed) ?? '', /pods in zone-a are being replaced/);
    const node = aPodNode({ name: 'zone-a-1', state: 'leaving', stateMs: 5_000, leavesWithIt: false });
    const stray = pods(named('zone-a-pod-1'), { node });
    const both = after(owed, stray, pods(named('zone-b-pod-1'), { node: { ...node, name: 'zone-b-1' } }));
    assert.equal(next(both, 7), 'rollOut zone-a 3');
  });

  it('is not held by a surplus that the guard refuses to let go', () => {
    const surplus = after(
      kept,
      deployment('zone-c', { replicas: 4, madeReplicas: 4, updatedReplicas: 4 }),
      addPod('zone-c', { name: 'extra' }),
    );
    assert.equal(next(surplus), 'rollOut zone-a 3');
  });

  it('is not held by a lost zone that is no longer declared and empty', () => {
    const left = after(
      kept,
      zone('zone-c', (each) => ({ ...each, declared: false, deployment: { state: 'absent' }, pods: [] })),
      loseZone('zone-c'),
    );
    const grown = after(left, spec({ survive: { pods: 0, nodes: 0, zones: 0 } }));
    assert.equal(next(grown), 'rollOut zone-a 3');
  });

  it('comes last to a zone with pods that find no room, and only if an old pod may go first there', () => {
    const full = after(kept, pods(named('zone-a-pod-1'), stuck));
    assert.equal(next(full), 'rollOut zone-b 3');
    const all = after(full, pods(named('zone-b-pod-1', 'zone-c-pod-1'), stuck));
    const why = 'each of these zones has pods that find no room, and an old pod may not go first';
    assert.equal(
      held(all),
      `roll out to zone-a, zone-b, zone-c: ${why}: it would leave 5 pods to count on, and demand is 6`,
    );
    assert.equal(next(after(all, spec({ replicas: 5 }))), 'rollOut zone-a 3');
  });

  /** zone-a was told to roll out, and its new pod finds no room. */
  const roomless = (over: Partial<PodView> = {}): Snapshot =>
    after(
      kept,
      addPod('zone-a', { name: 'new', replicaSet: 'rs2', ...stuck, ...over }),
      deployment('zone-a', { templateHash: newestTemplateHash(kept), madeReplicas: 4, updatedReplicas: 1 }),
    );

  const noPodSure = pods(({ name }) => name.startsWith('zone-a'), { state: 'leaving' });

  it('waits for a zone whose new pods find no room: one of its old pods may go first', () => {
    assert.match(held(roomless()) ?? '', /: the new pods in zone-a find no room$/);
    assert.equal(next(after(roomless(), noPodSure)), 'rollOut zone-b 3', 'no pod of it could go first');
    const made = { unschedulable: { message: 'no node fits', ageMs: 14_999 } };
    assert.match(held(roomless(made)) ?? '', /a rollout is under way in zone-a$/);
  });

  it('waits for a zone whose new pods the API server does not let it make', () => {
    const quota = { replicaFailure: 'exceeded quota', templateHash: newestTemplateHash(kept), updatedReplicas: 0 };
    assert.match(held(after(kept, deployment('zone-a', quota))) ?? '', /: the new pods in zone-a find no room$/);
    assert.equal(next(after(kept, deployment('zone-a', quota), noPodSure)), 'rollOut zone-b 3');
    const { replicaFailure: _, ...making } = quota;
    assert.match(held(after(kept, deployment('zone-a', making))) ?? '', /a rollout is under way in zone-a$/);
  });

  it('waits for a zone without room to see what it was told, and to do it', () => {
    assert.match(
      held(after(roomless(), deployment('zone-a', { generation: 2 }))) ?? '',
      /has not seen its newest spec$/,
    );
    const shrinking = after(roomless(), deployment('zone-a', { replicas: 1 }));
    assert.match(held(shrinking) ?? '', /a rollout is under way in zone-a$/);
  });

  it('waits for new pods that have room, beside one that has none', () => {
    const both = after(roomless(), addPod('zone-a', { name: 'new-2', replicaSet: 'rs2', ...unready }));
    assert.match(held(both) ?? '', /a rollout is under way in zone-a$/);
  });

  it('notes what the zone ran before, to go back to', () => {
    const step = tryRollOut(pictureOf(kept)).attempt?.next(7);
    assert.ok(step !== undefined && 'intent' in step);
    const hash = newestTemplateHash(whole);
    assert.deepEqual(JSON.parse(annotationOf(step.intent, 'kitchen.dev/good-template') ?? ''), {
      revision: '1',
      hash,
      defaults: NEWEST_DEFAULTS,
      replicaSet: hash,
      isProven: true,
    });
  });

  it('leaves a zone that is no longer declared with the template it runs', () => {
    const left = after(
      whole,
      spec({ survive: { pods: 0, nodes: 0, zones: 0 } }),
      zone('zone-c', (each) => ({ ...each, declared: false })),
    );
    assert.deepEqual(tryRollOut(pictureOf(left)), { attempt: undefined, waits: [] });
    const old = settled(after(left, deployment('zone-c', { templateHash: 'old', template: {} })));
    assert.deepEqual(tryRollOut(pictureOf(old)), { attempt: undefined, waits: [] });
  });

  it('waits, and sets nothing apart, while the API server refuses the template', () => {
    const refused = { ...kept, templateRefused: { message: 'image: required', lookAgainMs: 300_000 } };
    assert.deepEqual(tryRollOut(pictureOf(refused)), {
      attempt: undefined,
      waits: [{ what: 'roll out to zone-a, zone-b, zone-c', why: 'image: required', lookAgainMs: 300_000 }],
    });
  });
});
