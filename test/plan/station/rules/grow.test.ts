import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { PodView } from '../../../../operator/model/pod.ts';
import { declaration, grownTo, growSteps, nodesInWords } from '../../../../operator/plan/station/rules/grow.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  loseNode,
  loseZone,
  named,
  pods,
  remove,
  removeNode,
  spec,
  zone,
} from '../../../builders/changes.ts';
import { inShort } from '../../../builders/play.ts';
import { allOwned, nodesOf as nodes, served } from '../../../builders/served.ts';
import { aPodNode, aPodView, aSnapshot, aZone, aStrangerView } from '../../../builders/snapshot.ts';

const whole = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } } });

function grows(snapshot: Snapshot): readonly string[] {
  return growSteps(pictureOf(snapshot)).map(inShort);
}

function whys(snapshot: Snapshot): readonly string[] {
  return growSteps(pictureOf(snapshot)).map(({ why }) => why);
}

function inZoneA(snapshot: Snapshot) {
  return pictureOf(snapshot).zones[0]!;
}

describe('growing', () => {
  it('leaves a zone that has its share alone', () => assert.deepEqual(grows(whole), []));

  it('makes a Deployment in every live zone, says which losses it is for', () => {
    const bare = aSnapshot({
      station: { survive: { zones: 1, nodes: 2, pods: 1 } },
      zones: [aZone({ nodes: nodes('zone-a', 9) }), aZone({ name: 'zone-b', nodes: nodes('zone-b', 9) })],
    });
    assert.deepEqual(grows(bare), ['create zone-a 0→6', 'create zone-b 0→6']);
    assert.equal(whys(bare)[0], 'its share of 12 pods is 6; demand 6 survives the loss of 1 zone or 2 nodes or 1 pod');
  });

  it('makes none in a lost zone, a zone without a node, a zone that is not declared, and not over another owner’s', () => {
    const absent = { state: 'absent' } as const;
    const without = after(
      whole,
      zone('zone-a', (each) => ({ ...each, deployment: absent, pods: [] })),
    );
    assert.deepEqual(grows(after(without, loseZone('zone-a'))), ['grow zone-b 3→6']);
    assert.deepEqual(
      grows(
        after(
          without,
          zone('zone-a', (each) => ({ ...each, state: 'absent' })),
        ),
      ),
      ['grow zone-b 3→6'],
    );
    assert.deepEqual(
      grows(
        after(
          without,
          zone('zone-a', (each) => ({ ...each, declared: false })),
        ),
      )[0],
      'grow zone-b 3→6',
    );
    const taken = { state: 'taken', name: 'x', by: 'y' } as const;
    assert.deepEqual(
      grows(
        after(
          without,
          zone('zone-a', (each) => ({ ...each, deployment: taken })),
        ),
      ),
      [],
    );
  });

  it('adds a pod for each that will not stay and says why', () => {
    const lost = after(whole, loseNode('zone-a-1'), loseNode('zone-a-2'));
    assert.deepEqual(grows(lost), ['grow zone-a 3→5']);
    assert.deepEqual(whys(lost), ['2 pods will not stay (zone-a-1 is lost, zone-a-2 is lost)']);
  });

  it('stands in for pods on a suspect node, which may yet come back', () => {
    const node = aPodNode({ name: 'zone-a-1', state: 'suspect', lostWithIt: true });
    const suspected = after(
      whole,
      pods((pod) => pod.node?.name === 'zone-a-1', { state: 'doubtful', node }),
    );
    assert.deepEqual(grows(suspected), ['grow zone-a 3→4']);
    assert.deepEqual(whys(suspected), ['1 pod may be lost (zone-a-1 is suspect)']);
    assert.deepEqual(whys(after(suspected, loseNode('zone-a-2'))), [
      '2 pods will not stay (zone-a-1 is suspect, zone-a-2 is lost)',
    ]);
  });

  it('says what the share follows from when demand rises', () => {
    assert.deepEqual(whys(after(whole, spec({ replicas: 7 }))), [
      'its share of 7 pods is 4; demand 7 survives the loss of nothing',
    ]);
    const [one] = whys({ ...whole, strangers: [aStrangerView({ leavingMs: 2_000 })] });
    assert.match(
      one ?? '',
      /its share of 7 pods is 4; .* of nothing; one pod is spare until canary has left its node$/,
    );
    const lost = after(whole, spec({ replicas: 8 }), loseZone('zone-b'));
    assert.match(whys(lost)[0] ?? '', /its share of 8 pods is 8; demand 8 survives the loss of nothing; zone-b lost$/);
  });

  it('does not ask again for what it has been given, pod made or not', () => {
    const grown = after(whole, loseNode('zone-a-1'), deployment('zone-a', { replicas: 4 }));
    assert.equal(grownTo(inZoneA(grown)), 4);
    assert.equal(grownTo(inZoneA(after(grown, addPod('zone-a', { name: 'new', state: 'starting' })))), 4);
  });

  it('asks once more for pods that landed on a node that is already lost, and then stops: target 3 would become 151', () => {
    const node = aPodNode({ name: 'zone-a-1', state: 'lost', lostWithIt: false });
    const landed = (many: number, replicas: number): Snapshot => {
      const names = Array.from({ length: many }, (_, index) => `new-${index}`);
      const late = names.map((name) => addPod('zone-a', { name, state: 'starting', node }));
      return after(whole, loseNode('zone-a-1'), deployment('zone-a', { replicas }), ...late);
    };
    assert.equal(grownTo(inZoneA(landed(1, 4))), 5);
    assert.equal(grownTo(inZoneA(landed(2, 5))), 5);
  });

  it('replaces a replacement that landed on the next node to die', () => {
    const grown = after(whole, loseNode('zone-a-1'), deployment('zone-a', { replicas: 4 }));
    const landed = after(grown, addPod('zone-a', { name: 'new', node: aPodNode({ name: 'zone-a-2' }) }));
    assert.equal(grownTo(inZoneA(after(landed, loseNode('zone-a-2')))), 6);
  });

  it('leaves a zone alone while it has more pods than it is told: what was handed over would be made again', () => {
    const handed = after(whole, addPod('zone-a', { name: 'new' }), loseNode('zone-a-1'));
    assert.equal(grownTo(inZoneA(handed)), 3);
    assert.equal(grownTo(inZoneA(after(handed, remove('zone-a-pod-1')))), 3);
  });

  it('leaves it alone in mid-rollout too, when it has more than the surge: one ReplicaSet after the other is told', () => {
    // Handed over to 0: the old ReplicaSet has deleted its pods, the new one has its lost pod still.
    const handed = after(
      whole,
      addPod('zone-a', { name: 'new', replicaSet: 'rs2' }),
      loseNode('zone-a-1'),
      ...['zone-a-pod-2', 'zone-a-pod-3'].map((name) => remove(name)),
      deployment('zone-a', { replicas: 0 }),
    );
    assert.equal(grownTo(inZoneA(handed)), 0);
    assert.equal(grownTo(inZoneA(after(handed, remove('new'), remove('zone-a-pod-1')))), 3);
  });

  it('lets no pod of a stuck rollout stand in for owed ones', () => {
    const rolling = after(whole, addPod('zone-a', { name: 'surge', replicaSet: 'rs2' }), loseNode('zone-a-1'));
    const grown = (over: Partial<PodView>): number =>
      grownTo(inZoneA(after(rolling, pods(named('surge'), { state: 'starting', ready: false, ...over }))));
    const stuck = { reason: 'CrashLoopBackOff', message: 'back-off', ageMs: 15_000 };
    const unschedulable = { message: 'no node fits', ageMs: 15_000 };
    assert.equal(grown({}), 3);
    assert.equal(grown({ unschedulable }), 3, 'an old pod would find no room either');
    assert.equal(grown({ stuck: { ...stuck, ageMs: 14_999 } }), 3);
    for (const over of [{ stuck }, { slow: true }, { unplacedMs: 15_000 }]) {
      assert.equal(grown(over), 4, JSON.stringify(over));
    }
  });

  it('lets the surge of a rollout stand in for owed pods, one for one', () => {
    const rolling = after(whole, addPod('zone-a', { name: 'surge', replicaSet: 'rs2' }));
    assert.equal(grownTo(inZoneA(rolling)), 3);
    assert.equal(grownTo(inZoneA(after(rolling, loseNode('zone-a-1')))), 3);
    assert.equal(grownTo(inZoneA(after(rolling, loseNode('zone-a-1'), loseNode('zone-a-2')))), 4);
  });

  it('never tells a zone to have fewer than it is told now', () => {
    assert.deepEqual(grows(after(whole, spec({ replicas: 2 }))), []);
  });

  it('counts pods of leaving nodes only when they are replaced first', () => {
    assert.deepEqual(grows(after(whole, cordon('zone-a-1'))), ['grow zone-a 3→4']);
    const spare = served({
      demand: 4,
      survive: { pods: 2 },
      zones: { 'zone-a': { nodes: 3, pods: 3 }, 'zone-b': { nodes: 3, pods: 3 } },
    });
    assert.deepEqual(grows(after(spare, cordon('zone-a-1'))), []);
  });
});

describe('mending', () => {
  it('applies the whole intent when another manager took a field, with the replicas that are there', () => {
    const owned = { ...allOwned, 'f:spec': { 'f:replicas': {} } };
    assert.deepEqual(grows(after(whole, deployment('zone-a', { owned }))), ['mend zone-a 3']);
    const [step] = growSteps(pictureOf(after(whole, deployment('zone-a', { owned, replicas: 5 }))));
    assert.deepEqual(
      [step?.kind, 'intent' in step! && (step.intent.body['spec'] as { replicas: number }).replicas],
      ['mend', 5],
    );
  });

  it('does not take over a count that another manager set, and sets it back before the ReplicaSet has deleted a pod', () => {
    const { 'f:spec': _, ...owned } = allOwned;
    const scaled = (replicas: number): Snapshot => after(whole, deployment('zone-a', { owned, replicas }));
    assert.deepEqual(grows(scaled(5)), []);
    assert.deepEqual(grows(scaled(3)), ['mend zone-a 3']);
    assert.deepEqual(grows(scaled(2)), ['grow zone-a 2→3']);
  });

  it('applies a Deployment that was restored without our fields, or with another intent', () => {
    assert.deepEqual(grows(after(whole, deployment('zone-b', { owned: undefined }))), ['mend zone-b 3']);
    assert.deepEqual(grows(after(whole, deployment('zone-b', { intentHash: 'other' }))), ['mend zone-b 3']);
  });

  it('is tied to the version of the Deployment, as growing is: what arrives late would take pods away', () => {
    for (const change of [deployment('zone-b', { intentHash: 'other' }), spec({ replicas: 9 })]) {
      const [step] = growSteps(pictureOf(after(whole, change)));
      assert.equal('intent' in step! && step.intent.resourceVersion, '1');
    }
  });

  it('leaves a Deployment of a zone that is no longer declared as it is', () => {
    const left = zone('zone-b', (each) => ({ ...each, declared: false }));
    assert.deepEqual(grows(after(whole, left, deployment('zone-b', { intentHash: 'other' }))), ['grow zone-a 3→6']);
  });
});

describe('the words of growing', () => {
  it('name each node once and leave pods without a node out', () => {
    const gone = after(whole, removeNode('zone-a-2'), cordon('zone-a-1'));
    const all = gone.zones.flatMap((each) => each.pods).filter((pod) => pod.state !== 'sure');
    assert.equal(
      nodesInWords([...all, ...all, aPodView({ node: undefined })]),
      'zone-a-1 is leaving, zone-a-2 is gone',
    );
  });

  it('say what is survived', () => {
    const one = served({ demand: 6, survive: { pods: 2 }, zones: { 'zone-a': { nodes: 3, pods: 8 } } });
    assert.equal(declaration(pictureOf(one)), 'demand 6 survives the loss of 2 pods');
    assert.equal(
      declaration(
        pictureOf(
          after(
            one,
            pods(() => true, {}),
          ),
        ),
      ),
      'demand 6 survives the loss of 2 pods',
    );
  });
});
