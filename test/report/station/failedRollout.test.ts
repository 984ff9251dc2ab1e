import { stations } from '../../../operator/api/resources.ts';
import { stationSteps } from '../../../operator/apply/station/steps.ts';
import assert from 'node:assert/strict';

import { findCondition } from '../../../operator/api/conditions.ts';
import type { ConditionType } from '../../../operator/api/conditions.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import type { StepResult } from '../../../operator/apply/result.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import { pictureOf } from '../../../operator/plan/station/picture.ts';
import { planStation } from '../../../operator/plan/station/planStation.ts';
import { newsOf } from '../../../operator/report/decision.ts';
import { regarding } from '../../../operator/report/reportPass.ts';
import { changeEvents } from '../../../operator/report/station/events.ts';
import { stationStatus } from '../../../operator/report/station/status.ts';
import { badHash, failing, good, midRollout } from '../../builders/badTemplate.ts';
import { after, deployment, loseNode, loseZone, remove, spec } from '../../builders/changes.ts';
import { applied } from '../../builders/play.ts';
import { aPlan, aRollBackStep } from '../../builders/plan.ts';
import { settled } from '../../builders/served.ts';

const now = '2026-11-22T12:00:00Z';
const rolledBack = planStation(failing).steps.reduce(applied, failing);
const back = settled(
  after(
    rolledBack,
    remove('new'),
    deployment('zone-a', { observedGeneration: 2, madeReplicas: 3, updatedReplicas: 3 }),
  ),
);
const refused: StepResult<Step> = {
  step: aRollBackStep(),
  outcome: 'refused',
  message: 'the ReplicaSet of revision 1 in zone-a is gone',
  reason: 'Refused',
  remembered: false,
  lookAgainMs: 1_000,
};

function statusOf(snapshot: Snapshot, results: readonly StepResult<Step>[] = []): StationStatus {
  return stationStatus({ snapshot, plan: planStation(snapshot), results }, [], now);
}

function said(status: StationStatus, type: ConditionType): string {
  const found = findCondition(status.conditions ?? [], type);
  return found === undefined ? 'absent' : `${found.status} ${found.reason}`;
}

function message(status: StationStatus, type: ConditionType): string | undefined {
  return findCondition(status.conditions ?? [], type)?.message;
}

describe('the status of a station whose rollout failed', () => {
  it('says where and why, that it is not Ready, and that it serves all the same', () => {
    const status = statusOf(back);
    assert.deepEqual(
      (['RolloutFailed', 'Ready', 'Available', 'Survivable', 'Progressing'] as const).map((type) => said(status, type)),
      ['True NotStarting', 'False RolloutFailed', 'True DemandServed', 'True AsDeclared', 'False Settled'],
    );
    assert.match(
      message(status, 'RolloutFailed') ?? '',
      /^zone-a: 1 pod does not start: ImagePullBackOff: Back-off pulling image "grill:bad"; it went back/,
    );
    assert.equal(message(status, 'Ready'), message(status, 'RolloutFailed'));
  });

  it('is that of a rollout until it failed, and of the way back then', () => {
    assert.equal(said(statusOf(midRollout), 'Progressing'), 'True RollingOut');
    assert.equal(said(statusOf(midRollout), 'RolloutFailed'), 'absent');
    assert.equal(said(statusOf(failing), 'Progressing'), 'True RollingBack');
    assert.equal(said(statusOf(failing), 'RolloutFailed'), 'True NotStarting');
    const returning = after(back, deployment('zone-a', { madeReplicas: 4 }));
    assert.equal(said(statusOf(returning), 'Progressing'), 'True RollingBack');
    assert.equal(message(statusOf(returning), 'Progressing'), 'zone-a goes back to the template before');
  });

  it('is that of a rollout from the moment that the template is written, before its controller has seen it', () => {
    const written = after(
      midRollout,
      remove('new'),
      deployment('zone-a', { generation: 2, madeReplicas: 3, updatedReplicas: 3 }),
      deployment('zone-b', { templateHash: badHash }),
      deployment('zone-c', { templateHash: badHash }),
    );
    assert.deepEqual(
      [said(statusOf(written), 'Progressing'), said(statusOf(written), 'Ready')],
      ['True RollingOut', 'False Progressing'],
    );
    const seen = after(written, deployment('zone-a', { observedGeneration: 2 }));
    assert.equal(said(statusOf(settled(seen)), 'Ready'), 'True AllServed');
  });

  it('is that of a rollout as long as the planner takes it for one, whatever the Deployment’s own status says', () => {
    const both = after(midRollout, deployment('zone-a', { madeReplicas: 4, updatedReplicas: 4 }));
    const lacking = after(
      midRollout,
      remove('new', 'zone-a-pod-1'),
      deployment('zone-a', { maxUnavailable: 1, madeReplicas: 2, updatedReplicas: 2 }),
    );
    for (const snapshot of [both, lacking]) {
      assert.equal(pictureOf(snapshot).zones[0]?.rolling, true);
      assert.equal(said(statusOf(snapshot), 'Progressing'), 'True RollingOut');
    }
  });

  it('is that of a rollout again once the template was corrected, also where the bad one is still going', () => {
    const returning = after(back, deployment('zone-a', { madeReplicas: 4 }));
    const corrected = after(
      returning,
      spec({ template: { spec: { containers: [{ name: 'grill', image: 'grill:2' }] } } }),
    );
    assert.equal(said(statusOf(corrected), 'Progressing'), 'True RollingOut');
  });

  it('tells a deadline from pods that do not start', () => {
    const late = after(
      back,
      deployment('zone-a', { failure: { reason: 'DeadlineExceeded', words: '1 pod not Ready' } }),
    );
    assert.equal(said(statusOf(late), 'RolloutFailed'), 'True DeadlineExceeded');
  });

  it('says first that demand is not served, then that the rollout failed, then what is not survived', () => {
    const fragile = after(back, loseNode('zone-b-1'), loseNode('zone-b-2'));
    assert.deepEqual(
      [said(statusOf(fragile), 'Survivable').slice(0, 5), said(statusOf(fragile), 'Ready')],
      ['False', 'False RolloutFailed'],
    );
    const short = after(back, loseZone('zone-b'), loseNode('zone-c-1'));
    assert.equal(said(statusOf(short), 'Ready'), 'False NotAvailable');
  });

  it('says why a zone cannot go back, now and later', () => {
    const status = statusOf(failing, [refused]);
    assert.equal(said(status, 'Ready'), 'False RolloutFailed');
    assert.match(message(status, 'Ready') ?? '', /; the ReplicaSet of revision 1 in zone-a is gone$/);
    const later = statusOf({ ...failing, rollBackRefused: { message: 'it is gone', lookAgainMs: 1 } });
    assert.match(message(later, 'Ready') ?? '', /; it is gone: correct the template$/);
  });
});

describe('what is told of a failed rollout', () => {
  it('is a warning when it has failed, and once', () => {
    const before = { ...back.station, status: statusOf(midRollout) };
    const told = changeEvents(before, statusOf(back)).filter(({ action }) => action === 'RolloutFailed');
    assert.deepEqual(
      told.map(({ type, reason }) => [type, reason]),
      [['Warning', 'NotStarting']],
    );
    const again = changeEvents({ ...back.station, status: statusOf(back) }, statusOf(back));
    assert.deepEqual(again, []);
  });

  it('is a warning when there is no room', () => {
    const plan: Plan = aPlan({ problems: [{ kind: 'NoRoom', message: 'no node fits', reason: 'Unschedulable' }] });
    const status = stationStatus({ snapshot: back, plan, results: [] }, [], now);
    const told = changeEvents({ ...back.station, status: statusOf(back) }, status);
    assert.deepEqual(
      told.filter(({ action }) => action === 'NoRoom').map(({ type, reason, note }) => [type, reason, note]),
      [['Warning', 'Unschedulable', 'no node fits']],
    );
  });

  it('is a decision when the zone goes back', () => {
    const step = aRollBackStep({ good });
    const about = { regarding: regarding(stations, back.station.metadata), newId: () => 'id1', time: now };
    const [news] = newsOf([{ step, outcome: 'done', object: undefined }], stationSteps, about);
    assert.ok(news !== undefined);
    const { decision, event } = news;
    assert.equal(decision.what, 'roll back zone-a');
    assert.deepEqual([event.type, event.reason, event.action], ['Normal', 'ZoneRolledBack', 'RollBack']);
  });
});
