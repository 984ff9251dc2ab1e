import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { ANYWHERE } from '../../../../operator/api/zone.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { problemsOf } from '../../../../operator/plan/station/problems/problems.ts';
import { addPod, after, deployment, loseZone, named, pods, spec, zone } from '../../../builders/changes.ts';
import { served } from '../../../builders/served.ts';
import { aPodNode, aZone, zoneNodes } from '../../../builders/snapshot.ts';

const three = { nodes: 2, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});
const survive = (over: object): ReturnType<typeof spec> => spec({ survive: { pods: 0, nodes: 0, zones: 0, ...over } });

function problems(snapshot: Snapshot): readonly string[] {
  return problemsOf(pictureOf(snapshot)).map(({ kind, message }) => `${kind}: ${message}`);
}

describe('the problems of a station', () => {
  it('are none when what is declared can be kept', () => assert.deepEqual(problems(whole), []));

  it('name each object that belongs to another owner', () => {
    const by = 'Station shop-web';
    const taken = after(
      { ...whole, service: { state: 'taken', name: 'pizzeria-grill', by } },
      zone('zone-b', (each) => ({ ...each, deployment: { state: 'taken', name: 'pizzeria-grill-zone-b', by } })),
    );
    const advice = 'belongs to Station shop-web: rename the station or the Kitchen, or remove that object';
    assert.deepEqual(problems(taken), [
      `NameTaken: pizzeria-grill ${advice}`,
      `NameTaken: pizzeria-grill-zone-b ${advice}`,
    ]);
  });

  it('name a node that has been silent for long and that Kubernetes calls Ready', () => {
    const silentFor = (stateMs: number): Snapshot =>
      after(
        whole,
        pods(named('zone-a-pod-1'), {
          state: 'doubtful',
          node: aPodNode({ name: 'zone-a-1', state: 'suspect', stateMs }),
        }),
      );
    assert.deepEqual(problems(silentFor(299_000)), []);
    assert.match(
      problems(silentFor(300_000))[0] ?? '',
      /^NodeSilent: zone-a-1 has not renewed its Lease for 5 minutes and more, .* its 1 pod may serve or not.*delete the Node/,
    );
  });

  it('name zones that no node has', () => {
    const absent = after(
      whole,
      zone('zone-c', (each) => ({ ...each, state: 'absent', nodes: zoneNodes([]) })),
    );
    assert.match(
      problems(absent)[0] ?? '',
      /^ZoneMissing: spec\.zones names zone-c, where .*: correct the name, or add nodes/,
    );
  });

  it('say that no node takes the pods, while they have no zone', () => {
    const nowhere = { ...whole, zones: [aZone({ name: ANYWHERE, nodes: zoneNodes([]) })] };
    assert.ok(problems(after(nowhere, survive({ pods: 1 })))[0]?.startsWith('NoZone: no node takes'));
    const before = { ...whole, zones: [aZone({ name: ANYWHERE, declared: false }), ...whole.zones] };
    assert.deepEqual(problems(before), []);
  });

  it('say how many zones and nodes would be enough', () => {
    assert.deepEqual(problems(after(whole, survive({ zones: 3 }))), [
      'TooFewZones: survive.zones 3 needs at least 4 zones, and 3 zones can be used: lower it or add zones',
    ]);
    assert.deepEqual(problems(after(whole, survive({ nodes: 6 }))), [
      'TooFewNodes: survive.nodes 6 needs at least 7 nodes, and 6 nodes can be used: lower it or add nodes',
    ]);
  });

  it('do not blame a declaration that a lost zone has spent', () => {
    assert.deepEqual(problems(after(whole, survive({ zones: 1, pods: 1 }), loseZone('zone-b'))), []);
  });

  it('quote the scheduler once a pod has found no node for 15 s', () => {
    const pending = (ageMs: number): Snapshot =>
      after(
        whole,
        addPod('zone-a', { state: 'starting', node: undefined, unschedulable: { message: 'Insufficient cpu', ageMs } }),
      );
    assert.deepEqual(problems(pending(14_999)), []);
    assert.deepEqual(problems(pending(15_000)), ['NoRoom: 1 pod in zone-a without a node: Insufficient cpu']);
  });

  it('tell what kind of room is missing: none on a node, none under a quota, none that a pod gets Ready in', () => {
    const reasons = (snapshot: Snapshot): readonly unknown[] =>
      problemsOf(pictureOf(snapshot)).map(({ kind, reason }) => [kind, reason]);
    const unschedulable = { message: 'Insufficient cpu', ageMs: 15_000 };
    const pending = addPod('zone-a', { name: 'p', state: 'starting', node: undefined, unschedulable });
    assert.deepEqual(reasons(after(whole, pending)), [['NoRoom', 'Unschedulable']]);
    const quota = deployment('zone-b', { replicaFailure: 'exceeded quota' });
    assert.deepEqual(reasons(after(whole, quota)), [['NoRoom', 'NotMade']]);
    const slow = after(whole, addPod('zone-c', { name: 's', state: 'starting', slow: true }));
    assert.deepEqual(reasons(slow), [['NoRoom', 'NeverReady']]);
    assert.deepEqual(problems(slow), ['NoRoom: 1 pod in zone-c not Ready after three times as long as others took']);
    const rolling = after(slow, deployment('zone-c', { updatedReplicas: 1 }));
    assert.deepEqual(reasons(rolling), [], 'a new template may simply be bad');
    assert.deepEqual(reasons(after(whole, addPod('zone-c', { name: 's', slow: true }))), []);
  });

  it('quote why pods cannot be made', () => {
    assert.deepEqual(problems(after(whole, deployment('zone-b', { replicaFailure: 'exceeded quota' }))), [
      'NoRoom: no pod can be made in zone-b: exceeded quota',
    ]);
  });

  it('name budgets of others over the same pods', () => {
    assert.match(
      problems({ ...whole, foreignBudgets: ['all', 'more'] })[0] ?? '',
      /^ForeignBudget: PodDisruptionBudget all, more selects .* remove it or narrow its selector$/,
    );
  });

  it('say that drains need the operator when nothing is spare, and not when nothing is demanded', () => {
    assert.match(problems(after(whole, survive({})))[0] ?? '', /^DrainNeedsOperator: target equals demand \(6\)/);
    assert.deepEqual(problems(after(whole, survive({}), spec({ replicas: 0 }))), []);
  });

  it('say why the API server refused the template', () => {
    assert.deepEqual(problems({ ...whole, templateRefused: { message: 'image: required', lookAgainMs: 1 } }), [
      'Refused: image: required; what ran before goes on; correct the template',
    ]);
  });
});
