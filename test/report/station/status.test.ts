import assert from 'node:assert/strict';

import { findCondition } from '../../../operator/api/conditions.ts';
import type { Condition, ConditionType } from '../../../operator/api/conditions.ts';
import { stationSchema } from '../../../operator/api/station.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import type { StepResult } from '../../../operator/apply/result.ts';
import type { Plan, ProblemReason, Step } from '../../../operator/model/plan.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { stationStatus } from '../../../operator/report/station/status.ts';
import { survivesInWords } from '../../../operator/report/survives.ts';
import { aPlan, aGrowStep } from '../../builders/plan.ts';
import { aDeploymentView, aSnapshot, aZone, podViews } from '../../builders/snapshot.ts';

const now = '2026-11-22T12:00:00Z';
const later = '2026-11-22T13:00:00Z';

function served(over: Partial<Snapshot> = {}): Snapshot {
  const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }), pods: podViews(7) })];
  return { ...aSnapshot({ zones }), ...over };
}

function statusOf(
  snapshot: Snapshot,
  plan: Partial<Plan> = {},
  results: readonly StepResult<Step>[] = [],
): StationStatus {
  return stationStatus({ snapshot, plan: aPlan(plan), results }, [], now);
}

function condition(status: StationStatus, type: ConditionType): Condition {
  const found = findCondition(status.conditions ?? [], type);
  assert.ok(found !== undefined, `there is no condition ${type}`);
  return found;
}

/** `True AllServed` */
function said(status: StationStatus, type: ConditionType): string {
  return `${condition(status, type).status} ${condition(status, type).reason}`;
}

describe('the status of a station', () => {
  it('says that all is well when demand is served and nothing is to be done', () => {
    const status = statusOf(served());
    assert.deepEqual(
      (['Ready', 'Available', 'Survivable', 'Progressing'] as const).map((type) => said(status, type)),
      ['True AllServed', 'True DemandServed', 'True AsDeclared', 'False Settled'],
    );
    assert.deepEqual(
      [status.demand, status.target, status.ready, status.surplus, status.survives],
      [6, 7, 7, 1, '1 pod'],
    );
  });

  it('is the same value for the same facts', () => {
    const first = statusOf(served());
    const snapshot = served();
    const again = { ...snapshot, station: { ...snapshot.station, status: first } };
    assert.deepEqual(stationStatus({ snapshot: again, plan: aPlan(), results: [] }, [], later), first);
  });

  it('prices the pods that are there, not those that are wanted', () => {
    const zones = [
      aZone({
        pods: [
          ...podViews(7),
          ...podViews(2, { name: 'starts', state: 'starting' }),
          ...podViews(4, { name: 'goes', state: 'deleting' }),
          ...podViews(3, { name: 'pending', state: 'starting', node: undefined }),
        ],
      }),
    ];
    assert.equal(statusOf(served({ zones }), { target: 7 }).price?.pods, 3);
    assert.equal(statusOf(served({ zones: [aZone({ pods: podViews(5) })] })).price?.pods, 0);
  });

  it('says what is survived as numbers, and in words that are made of them', () => {
    const measured = { pods: 3, nodes: 2, zones: 1, short: 0, lostZones: ['zone-b' as ZoneName] };
    const status = statusOf(served(), { survival: { ...measured, worst: 'losing zone-a leaves 5 of 6' } });
    assert.deepEqual(status.survival, measured);
    assert.equal(status.survives, survivesInWords(measured));
  });

  it('is never longer than its schema allows, however many zones are lost', () => {
    const lostZones = Array.from({ length: 70 }, (_, index) => `europe-west-region-9-zone-${index}` as ZoneName);
    const zones = Array.from({ length: 70 }, (_, index) => aZone({ name: `zone-${index}` }));
    const status = statusOf(served({ zones }), { survival: { ...aPlan().survival, lostZones } });
    const station = aSnapshot().station;
    const { error } = stationSchema.safeParse({ ...station, status });
    assert.deepEqual(
      error?.issues
        .filter(({ path }) => path[0] === 'status')
        .map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [],
      [],
    );
  });

  it('moves a transition time only when the condition flips', () => {
    const first = statusOf(served());
    const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }), pods: podViews(5) })];
    const snapshot = served({ zones });
    const short = { ...snapshot, station: { ...snapshot.station, status: first } };
    const second = stationStatus({ snapshot: short, plan: aPlan(), results: [] }, [], later);
    assert.equal(said(second, 'Available'), 'False BelowDemand');
    assert.equal(condition(second, 'Available').lastTransitionTime, later);
    assert.equal(condition(second, 'Survivable').lastTransitionTime, now);
  });

  it('does not count pods on a lost node as ready', () => {
    const pods = [...podViews(5), ...podViews(2, { name: 'lost', state: 'doubtful' })];
    const status = statusOf(served({ zones: [aZone({ deployment: aDeploymentView({ replicas: 7 }), pods })] }));
    assert.equal(status.ready, 5);
    assert.equal(said(status, 'Ready'), 'False NotAvailable');
  });

  it('is not available when ready pods are not reached by the Service, or a port leads to none', () => {
    const unreached = { pods: podViews(7, { servedMs: undefined }) };
    const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }), ...unreached })];
    const status = statusOf(served({ zones }));
    const { message } = condition(status, 'Available');
    assert.deepEqual(
      [said(status, 'Available'), message],
      ['False BelowDemand', '7 ready, 0 reached by the Service, demand is 6'],
    );
    const noPorts = aSnapshot({ zones, station: { ports: [] } });
    assert.equal(said(statusOf(noPorts), 'Available'), 'True DemandServed');
    const theirs = served({ zones, service: { state: 'taken', name: 'pizzeria-grill', by: 'Service other' } });
    assert.equal(said(statusOf(theirs), 'Available'), 'True DemandServed');
    const none = { ...served({ zones }), service: { state: 'absent' } } as const;
    assert.equal(said(statusOf(none), 'Available'), 'False BelowDemand', 'it is about to be made');
    const serviceRefused = { message: 'its name is taken', lookAgainMs: 300_000 };
    assert.equal(said(statusOf({ ...none, serviceRefused }), 'Available'), 'True DemandServed');
  });

  it('refuses what the Service cannot follow, and is at rest then', () => {
    const problem = (reason: ProblemReason): Partial<Plan> => ({
      problems: [{ kind: 'PortsNotServed', reason, message: 'port 80' }],
      outdated: ['zone-a' as ZoneName],
    });
    for (const reason of ['HoldsRollout', 'InNoPod'] as const)
      assert.equal(said(statusOf(served(), problem(reason)), 'Ready'), 'False Refused');
    assert.equal(said(statusOf(served(), problem('HoldsRollout')), 'Progressing'), 'False Settled');
    assert.equal(said(statusOf(served(), problem('AwaitsRollout')), 'Ready'), 'False Progressing');
    assert.equal(said(statusOf(served(), problem('AwaitsRollout')), 'PortsNotServed'), 'True AwaitsRollout');
  });

  it('says of a namespace that is being deleted nothing but that', () => {
    const message = 'namespace food is being deleted';
    const zones = [aZone({ deployment: aDeploymentView({ replicas: 7 }) })];
    const status = statusOf(served({ zones, namespaceTerminating: true }), {
      problems: [{ kind: 'ChildDeleting', reason: 'NamespaceTerminating', message }],
    });
    assert.deepEqual(
      [said(status, 'Ready'), condition(status, 'Ready').message],
      ['False NamespaceTerminating', message],
    );
    assert.equal(said(status, 'Progressing'), 'False Settled');
    assert.equal(said(status, 'ChildDeleting'), 'True NamespaceTerminating');
  });

  it('is restoring while pods start, and cannot when there is nothing to wait for', () => {
    const survival = { ...aPlan().survival, worst: 'losing zone-b leaves 5 of 6' };
    assert.equal(said(statusOf(served(), { survival }), 'Survivable'), 'False Cannot');
    const restoring = statusOf(served(), { survival, steps: [aGrowStep()] });
    assert.equal(said(restoring, 'Survivable'), 'False Restoring');
    assert.equal(condition(restoring, 'Ready').message, 'losing zone-b leaves 5 of 6');
  });

  it('says that a lost zone has spent what was declared', () => {
    const survival = { ...aPlan().survival, lostZones: ['zone-b' as ZoneName] };
    const status = statusOf(aSnapshotSurviving(1), { survival });
    assert.equal(status.survives, '0 more zones, zone-b is down');
    assert.match(condition(status, 'Survivable').message, /zone-b is down: of 1 declared zone 0 more may be lost/);
  });

  it('gives the cure for a problem that waiting does not mend', () => {
    const survival = { ...aPlan().survival, worst: '2 of 6 are sure' };
    const problems = [{ kind: 'TooFewZones', message: 'add zones' }] as const;
    const status = statusOf(served(), { survival, problems });
    assert.equal(said(status, 'Survivable'), 'False TooFewZones');
    assert.match(condition(status, 'Survivable').message, /add zones/);
  });

  it('quotes the API server when a write was refused', () => {
    const refused: StepResult<Step> = {
      step: aGrowStep(),
      outcome: 'refused',
      message: 'growing grill: spec.template.spec.containers[0].image: Required value',
      reason: 'Refused',
      remembered: true,
      lookAgainMs: 1000,
    };
    const status = statusOf(served(), { steps: [refused.step] }, [refused]);
    assert.equal(said(status, 'Ready'), 'False Refused');
    assert.equal(said(status, 'Progressing'), 'False Settled');
    assert.match(
      condition(status, 'Ready').message,
      /image: Required value; it is tried again when the Kitchen changes/,
    );
    assert.equal(said(statusOf(served(), {}, [{ ...refused, reason: 'NotPermitted' }]), 'Ready'), 'False NotPermitted');
  });

  it('is not Ready while the newest template has yet to go to a zone, though nothing is being written', () => {
    const status = statusOf(served(), { outdated: ['zone-b' as ZoneName] });
    assert.equal(said(status, 'Progressing'), 'True RollingOut');
    assert.equal(said(status, 'Ready'), 'False Progressing');
  });

  it('is not Ready then either while something else is done first', () => {
    const status = statusOf(served(), { outdated: ['zone-b' as ZoneName], steps: [aGrowStep()] });
    assert.equal(said(status, 'Progressing'), 'True Growing');
    assert.equal(said(status, 'Ready'), 'False Progressing');
  });

  it('keeps advice only while it applies', () => {
    const advised = statusOf(served(), { problems: [{ kind: 'DrainNeedsOperator', message: 'no allowance' }] });
    assert.equal(said(advised, 'DrainNeedsOperator'), 'True NothingSpare');
    const snapshot = served();
    const next = { ...snapshot, station: { ...snapshot.station, status: advised } };
    assert.equal(findCondition(statusOf(next).conditions ?? [], 'DrainNeedsOperator'), undefined);
  });

  it('says why there is no room, for as long as there is none', () => {
    const noRoom = (reason: ProblemReason | undefined): Partial<Plan> => ({
      problems: [{ kind: 'NoRoom', message: '1 pod in zone-a finds no node', ...(reason && { reason }) }],
    });
    for (const reason of ['Unschedulable', 'NotMade', 'NeverReady'] as const) {
      assert.equal(said(statusOf(served(), noRoom(reason)), 'NoRoom'), `True ${reason}`);
    }
    assert.equal(said(statusOf(served(), noRoom(undefined)), 'NoRoom'), 'True Unschedulable');
    assert.equal(said(statusOf(served(), noRoom('NotMade')), 'Ready'), 'True AllServed');
    const uneven = statusOf(served(), { problems: [{ kind: 'NodesUneven', message: 'zone-a holds 3,1' }] });
    assert.equal(said(uneven, 'NodesUneven'), 'True NotEvened');
  });

  it('says that pods do not start, in the kubelet’s words, while demand is not served', () => {
    const stuck = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"', ageMs: 0 };
    const zones = (ready: number): Snapshot['zones'] => [
      aZone({ pods: [...podViews(ready), ...podViews(2, { name: 'new', state: 'starting', stuck })] }),
    ];
    assert.equal(
      condition(statusOf(served({ zones: zones(5) })), 'Available').message,
      '5 ready, demand is 6; 2 of its pods do not start: ImagePullBackOff: Back-off pulling image "x"',
    );
    assert.equal(condition(statusOf(served({ zones: zones(6) })), 'Available').message, '6 ready, demand is 6');
  });

  it('says what it would do while paused', () => {
    const snapshot = aSnapshot({ station: { paused: true }, zones: served().zones });
    const status = statusOf(snapshot, { steps: [aGrowStep()] });
    assert.equal(said(status, 'Progressing'), 'False Paused');
    assert.deepEqual(status.waiting, ['paused, would grow zone-a from 2 to 3: a pod will not stay']);
  });

  it('keeps the ten newest decisions, newest first', () => {
    const decision = (id: string) => ({ id, time: now, what: 'grow', why: 'because' });
    const old = Array.from({ length: 10 }, (_, index) => decision(`old${index}`));
    const snapshot = aSnapshot({ station: { status: { decisions: old } } });
    const fresh = [decision('first'), decision('second')];
    const { decisions } = stationStatus({ snapshot, plan: aPlan(), results: [] }, fresh, now);
    assert.deepEqual(decisions?.map(({ id }) => id).slice(0, 3), ['second', 'first', 'old0']);
    assert.equal(decisions?.length, 10);
  });
});

function aSnapshotSurviving(zones: number): Snapshot {
  return aSnapshot({ station: { survive: { zones } }, zones: served().zones });
}
