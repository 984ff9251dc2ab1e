import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { ZoneView } from '../../../../operator/model/zone.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { deploymentIntent, newestTemplateHash } from '../../../../operator/plan/children/deployment.ts';
import { growSteps } from '../../../../operator/plan/station/rules/grow.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { tryRollOut } from '../../../../operator/plan/station/rules/rollOut.ts';
import { unfitProblems } from '../../../../operator/plan/station/rules/unfit.ts';
import { addPod, after, deployment, loseNode, named, pods, recounted, spec, zone } from '../../../builders/changes.ts';
import type { Change } from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { served, settled, zoneName } from '../../../builders/served.ts';
import { aBudgetView, aPodNode, aZone, zoneNodes } from '../../../builders/snapshot.ts';

const zones = ['zone-a', 'zone-b', 'zone-c'];
const three = { nodes: 3, pods: 3 };
const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});
const template = { spec: { containers: [{ name: 'grill', image: 'grill:2' }], nodeSelector: { disk: 'sdd' } } };

function seeing(names: readonly string[], over: Partial<ZoneView>): Change {
  return (snapshot) => after(snapshot, ...names.map((name) => zone(name, (each) => ({ ...each, ...over }))));
}

/** The newest template fits no node of these zones. */
function typoIn(...names: readonly string[]): Snapshot {
  const changed = settled(after(whole, spec({ template })));
  return recounted(
    after(
      { ...changed, budget: aBudgetView({ minAvailable: 7 }) },
      seeing(names, { newestUnfit: 'no node has disk=sdd' }),
    ),
  );
}

/** The first zone's surge waits for a node. */
const tried = after(
  typoIn(...zones),
  deployment('zone-a', {
    templateHash: newestTemplateHash(typoIn(...zones)),
    madeReplicas: 4,
    updatedReplicas: 1,
  }),
  seeing(['zone-a'], { runningUnfit: 'no node has disk=sdd', full: 'no node has disk=sdd' }),
  addPod('zone-a', {
    name: 'new',
    state: 'starting',
    ready: false,
    replicaSet: 'rs2',
    node: undefined,
    unschedulable: { message: '0/9 nodes are available', ageMs: 15_000 },
  }),
);

function next(snapshot: Snapshot): string | undefined {
  const step = tryRollOut(pictureOf(snapshot)).attempt?.next(7);
  return step === undefined || !isStep(step) ? undefined : `${inShort(step)}: ${step.why}`;
}

describe('a template that fits no node', () => {
  it('goes to one zone alone, where its pod waits for a node that may yet come', () => {
    assert.equal(
      next(typoIn(...zones)),
      'rollOut zone-a 3: its template is not the newest; no node has disk=sdd, but one may still come',
    );
    const { attempt, waits } = tryRollOut(pictureOf(tried));
    assert.equal(attempt, undefined);
    assert.deepEqual(
      waits.map(({ what, why }) => `${what}: ${why}`),
      [
        'roll out to zone-b, zone-c: zone-a: no node has disk=sdd, and one pod waits there to see whether such a node comes',
      ],
    );
  });

  it('goes last where it fits none', () => {
    assert.equal(next(typoIn('zone-a')), 'rollOut zone-b 3: its template is not the newest; 2 zones to follow');
  });

  it('goes to no zone that it keeps out of by itself', () => {
    const kept = after(typoIn(...zones), seeing(zones, { isKeptOut: true }));
    assert.equal(next(kept), undefined);
    assert.match(tryRollOut(pictureOf(kept)).waits[0]?.why ?? '', /^it names other zones/);
  });

  it('is said with the zones, one time, as long as it waits', () => {
    const words =
      'zone-a, zone-b, zone-c: no node has disk=sdd; the newest template waits for such a node, and what ran before goes on: correct the template, or add nodes';
    for (const snapshot of [typoIn(...zones), tried]) {
      assert.deepEqual(unfitProblems(pictureOf(snapshot)), [
        { kind: 'NoRoom', reason: 'Unschedulable', message: words },
      ]);
    }
    assert.deepEqual(unfitProblems(pictureOf(whole)), []);
  });

  it('keeps no lost pod from being made good with what runs', () => {
    const lost = after(typoIn(...zones), loseNode('zone-b-1', 60_000));
    assert.deepEqual(
      growSteps(pictureOf(lost)).map((step) => inShort(step)),
      ['grow zone-b 3→4'],
    );
  });

  it('is not what a new zone begins with', () => {
    const changed = typoIn(...zones);
    const view = aZone({ name: 'zone-d', newestUnfit: 'no node has disk=sdd' });
    const intent = deploymentIntent(changed, view, { replicas: 3, template: 'asItRuns' });
    assert.ok(!JSON.stringify(intent.body).includes('sdd'), 'it runs what the others run');
  });
});

describe('a zone where what runs fits no node any more', () => {
  const barred = { runningUnfit: 'no node has pool=blue', full: 'no node has pool=blue' };
  const waiting = pods(named('zone-a-pod-1'), {
    state: 'starting',
    ready: false,
    node: undefined,
    unschedulable: { message: '0/9 nodes are available', ageMs: 60_000 },
  });

  it('is said, with the cure', () => {
    const snapshot = after(whole, seeing(zones, { ...barred, newestUnfit: 'no node has pool=blue' }));
    assert.match(
      unfitProblems(pictureOf(snapshot))[0]?.message ?? '',
      /^zone-a, zone-b, zone-c: no node has pool=blue; what runs there goes on, and no pod can be made: correct/,
    );
  });

  it('gets a template that fits although pods wait and are owed there', () => {
    const cured = after(typoIn('zone-b', 'zone-c'), seeing(['zone-a'], barred), waiting, loseNode('zone-a-2', 60_000));
    assert.match(next(cured) ?? '', /^rollOut zone-a/);
  });
});

describe('spec.zones with zones that have other names now', () => {
  it('are told, and nothing is called lost that runs', () => {
    const away = { node: aPodNode({ name: 'zone-a-1', zone: zoneName('hall-a') }), misplacedMs: 5_000 };
    const renamed = after(
      whole,
      seeing(zones, { nodes: zoneNodes([]), state: 'lost' }),
      pods(() => true, away),
    );
    const [problem] = unfitProblems(pictureOf(renamed));
    assert.equal(problem?.kind, 'ZoneMissing');
    assert.match(
      problem?.message ?? '',
      /^zone-a has no node any more: 3 pods on nodes that are in hall-a now \(zone-a-1\)/,
    );
  });
});
