import assert from 'node:assert/strict';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { pictureOf } from '../../../operator/plan/station/picture.ts';
import { planStation } from '../../../operator/plan/station/planStation.ts';
import {
  addPod,
  after,
  cordon,
  deployment,
  healNode,
  healZone,
  loseNode,
  loseZone,
  mark,
  remove,
  removeNode,
  spec,
  zone,
} from '../../builders/changes.ts';
import { converged, play, stepsOf } from '../../builders/play.ts';
import { nodesOf, served, settled } from '../../builders/served.ts';
import { aSnapshot, aZone } from '../../builders/snapshot.ts';

const three = { nodes: 3, pods: 3 };
const threeZones = { demand: 6, survive: { zones: 1 }, zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three } };
const whole = served(threeZones);
const oneZone = (pods: number, nodes = 3): Snapshot => served({ demand: 6, zones: { 'zone-a': { nodes, pods } } });
const newTemplate = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };

function unmade(survive: object): Snapshot {
  const zones = ['zone-a', 'zone-b', 'zone-c'].map((name) => aZone({ name, nodes: nodesOf(name, 3) }));
  return aSnapshot({ station: { survive: { pods: 0, ...survive } }, zones });
}

describe('planStation', () => {
  it('plans nothing when all is as it should be', () => {
    const plan = planStation(whole);
    assert.deepEqual(plan.steps, []);
    assert.deepEqual(plan.waits, []);
    assert.deepEqual(plan.problems, []);
    assert.equal(plan.target, 9);
    assert.deepEqual([...plan.zoneTargets.values()], [3, 3, 3]);
    assert.deepEqual(plan.survival, { pods: 3, nodes: 3, zones: 1, short: 0, lostZones: [], worst: undefined });
  });

  it('plans the same whether the Kitchen is paused or not: only writing is paused', () => {
    const changed = after(whole, spec({ replicas: 8 }));
    assert.deepEqual(stepsOf(after(changed, spec({ paused: true }))), stepsOf(changed));
    assert.deepEqual(planStation(after(whole, spec({ paused: true }))), planStation(whole));
  });

  const tables: readonly (readonly [string, Snapshot, readonly (readonly string[])[]])[] = [
    [
      'makes Service, budget and one Deployment a zone, budget first',
      unmade({ zones: 1 }),
      [['service', 'budget 6', 'create zone-a 0→3', 'create zone-b 0→3', 'create zone-c 0→3']],
    ],
    [
      'makes no Service for a station without ports',
      after(unmade({}), spec({ ports: [] })),
      [['budget 6', 'create zone-a 0→2', 'create zone-b 0→2', 'create zone-c 0→2']],
    ],
    [
      'raises the budget and grows all zones at once when demand rises',
      after(whole, spec({ replicas: 8 })),
      [['budget 8', 'grow zone-a 3→4', 'grow zone-b 3→4', 'grow zone-c 3→4']],
    ],
    [
      'gives pods back zone by zone when demand falls, marked and set apart before',
      after(whole, spec({ replicas: 3 })),
      [
        ['budget 4', 'mark zone-a-pod-1'],
        ['shrink zone-a 3→2'],
        ['mark zone-b-pod-1'],
        ['shrink zone-b 3→2'],
        ['budget 5', 'mark zone-c-pod-1 zone-c-pod-2'],
        ['shrink zone-c 3→1'],
        ['budget 3'],
      ],
    ],
    [
      'gives everything back when nothing is demanded',
      after(oneZone(6), spec({ replicas: 0 })),
      [
        ['budget 6', `mark ${[1, 2, 3, 4, 5, 6].map((pod) => `zone-a-pod-${pod}`).join(' ')}`],
        ['shrink zone-a 6→0'],
        ['budget 0'],
      ],
    ],
    [
      'grows, marks, shrinks when a node is lost, whose pods no budget counts',
      after(whole, loseNode('zone-a-1')),
      [['grow zone-a 3→4'], ['mark zone-a-pod-1'], ['shrink zone-a 4→3']],
    ],
    [
      'sets pods of a node that is gone apart until they are gone too',
      after(whole, removeNode('zone-a-1')),
      [['budget 7', 'grow zone-a 3→4'], ['mark zone-a-pod-1'], ['shrink zone-a 4→3'], ['budget 6']],
    ],
    ['leaves a drain to the evictions when there is a surplus', after(whole, cordon('zone-a-1')), []],
    [
      'replaces leaving pods first when demand cannot do without them',
      after(oneZone(6), cordon('zone-a-1')),
      [['budget 8', 'grow zone-a 6→8', 'mark zone-a-pod-1 zone-a-pod-4'], ['shrink zone-a 8→6'], ['budget 6']],
    ],
    [
      'lets leaving pods go at once when enough others may be counted on, marked once',
      after(oneZone(8, 4), cordon('zone-a-1')),
      [['budget 8', 'mark zone-a-pod-1 zone-a-pod-5'], ['shrink zone-a 8→6'], ['budget 6']],
    ],
    ['does nothing when a zone is lost that was the one that might go', after(whole, loseZone('zone-b')), []],
    [
      'grows the other zones when a zone is lost and pods are still to be spared',
      after(served({ ...threeZones, survive: { zones: 1, pods: 1 } }), loseZone('zone-b')),
      [['grow zone-a 3→4']],
    ],
    [
      'rolls a new template out to one zone after the other, the surge set apart before',
      after(whole, spec({ template: newTemplate })),
      [['budget 7'], ['rollOut zone-a 3'], ['rollOut zone-b 3'], ['rollOut zone-c 3'], ['budget 6']],
    ],
    [
      'empties a zone that is no longer declared once others have its share, and prunes its Deployment last',
      after(
        whole,
        zone('zone-c', (each) => ({ ...each, declared: false })),
      ),
      [
        ['grow zone-a 3→6', 'grow zone-b 3→6'],
        ['budget 9', 'mark zone-c-pod-1 zone-c-pod-2 zone-c-pod-3'],
        ['shrink zone-c 3→0'],
        ['budget 6', 'prune zone-c'],
      ],
    ],
    [
      'makes a deleted Deployment again',
      after(
        whole,
        zone('zone-b', (each) => ({ ...each, deployment: { state: 'absent' }, pods: [] })),
      ),
      [['create zone-b 0→3']],
    ],
    [
      'makes a deleted Service and a deleted budget again',
      { ...whole, service: { state: 'absent' }, budget: { state: 'absent' } },
      [['service', 'budget 6']],
    ],
  ];
  for (const [name, snapshot, expected] of tables) {
    it(name, () => {
      const { passes, end } = play(snapshot);
      assert.deepEqual(passes, expected);
      assert.deepEqual(stepsOf(end), []);
    });
  }

  it('takes the Service away when the station has no ports any more', () => {
    assert.deepEqual(play(after(whole, spec({ ports: [] }))).passes, [['prune service']]);
  });

  it('takes off marks that nothing asks for', () => {
    assert.deepEqual(play(after(whole, mark('zone-a-pod-1'))).passes, [['unmark zone-a-pod-1']]);
  });

  it('hands over before it gives a surplus back', () => {
    const zones = { 'zone-a': { nodes: 3, pods: 5 }, 'zone-b': { nodes: 3, pods: 4 } };
    const { passes } = play(after(served({ demand: 6, zones }), loseNode('zone-b-2')));
    assert.deepEqual(passes, [
      ['mark zone-b-pod-2'],
      ['shrink zone-b 4→3'],
      ['budget 8', 'mark zone-a-pod-1 zone-a-pod-2'],
      ['shrink zone-a 5→3'],
      ['budget 6'],
    ]);
  });

  it('takes nothing back and makes nothing while evictions spend a surplus, then is whole again', () => {
    const draining = after(whole, cordon('zone-a-1'), remove('zone-a-pod-1'));
    assert.deepEqual(stepsOf(draining), []);
    const { passes, end } = play(draining);
    assert.deepEqual(passes, []);
    assert.equal(end.zones[0]?.pods.filter((pod) => pod.state === 'sure').length, 3);
  });

  it('takes marks and budget back when a node is uncordoned, and the pods made meanwhile', () => {
    const drained = converged(play(after(oneZone(6), cordon('zone-a-1', 500))).end);
    const grown = after(drained, cordon('zone-a-1'));
    assert.deepEqual(stepsOf(grown), ['budget 8', 'grow zone-a 6→8', 'mark zone-a-pod-1 zone-a-pod-4']);
    const begun = after(
      grown,
      deployment('zone-a', { replicas: 8, madeReplicas: 8, updatedReplicas: 8 }),
      addPod('zone-a', { name: 'new-1' }),
      addPod('zone-a', { name: 'new-2' }),
      healNode('zone-a-1', undefined),
    );
    const { passes, end } = play(settled(begun));
    assert.deepEqual(passes.at(-1), ['budget 6']);
    assert.equal(end.zones[0]?.pods.length, 6);
    assert.ok(end.zones[0]?.pods.every((pod) => !pod.marked));
  });

  it('gives pods back that stood in for a lost zone, two minutes after it came back and not before', () => {
    const all = served({ ...threeZones, survive: { zones: 1, pods: 1 } });
    const grown = play(after(all, loseZone('zone-b'))).end;
    assert.deepEqual(stepsOf(after(grown, healZone('zone-b', 119_999))), []);
    const { lookAgainMs } = planStation(after(grown, healZone('zone-b', 119_000))).waits[0] ?? {};
    assert.equal(lookAgainMs, 1_000);
    const healed = after(grown, healZone('zone-b', 120_000));
    assert.equal(pictureOf(healed).target, 9);
    assert.deepEqual(
      play(healed).passes.map((steps) => steps[0]),
      ['budget 7', 'shrink zone-a 4→3', 'budget 6'],
    );
  });

  it('touches no object of another owner and goes on with the rest', () => {
    const by = 'Deployment shop-web (Kitchen shop)';
    const taken = after(
      unmade({ zones: 1 }),
      zone('zone-b', (each) => ({ ...each, deployment: { state: 'taken', name: 'x', by } })),
    );
    assert.deepEqual(stepsOf(taken), ['service', 'budget 6', 'create zone-a 0→3', 'create zone-c 0→3']);
    const { problems } = planStation(taken);
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['NameTaken'],
    );
    const other: Snapshot = {
      ...whole,
      service: { state: 'taken', name: 's', by },
      budget: { state: 'taken', name: 'b', by },
    };
    assert.deepEqual(stepsOf(other), []);
    assert.deepEqual(
      stepsOf(after(other, spec({ replicas: 3 }))).filter((step) => step.startsWith('shrink')),
      [],
    );
  });

  it('reads the pods’ template for its hash once, not in every look', () => {
    let reads = 0;
    const heat = {
      name: 'HEAT',
      get value() {
        reads += 1;
        return 'high';
      },
    };
    const template = { spec: { containers: [{ name: 'grill', env: [heat] }] } };
    const hashed = served({ ...threeZones, station: { template } });
    assert.ok(reads > 0, 'the builder hashes it');
    reads = 0;
    for (let looks = 0; looks < 3; looks++) assert.deepEqual(planStation({ ...hashed }).steps, []);
    assert.equal(reads, 0);
  });

  it('says what a pass waits for when its step cannot be made yet', () => {
    const changed = after(whole, spec({ template: newTemplate }));
    const { steps, waits } = planStation(changed);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['applyBudget'],
    );
    assert.deepEqual(waits, [
      {
        what: 'roll out to zone-a, zone-b, zone-c',
        why: 'the budget does not set the surge apart yet',
        lookAgainMs: undefined,
      },
    ]);
  });
});
