import { kitchenFigures } from '../../../operator/report/kitchen/figures.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { KitchenSnapshot } from '../../../operator/model/kitchenSnapshot.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { planKitchen } from '../../../operator/plan/kitchen/planKitchen.ts';
import type { KitchenStep } from '../../../operator/model/kitchenPlan.ts';
import { aDeclaredStation, aKitchen, ownedByKitchen } from '../../builders/kitchen.ts';
import {
  aCondition,
  aDeclaredView,
  aKitchenSnapshot,
  aStationStatus,
  conditionsWith,
  fieldsOf,
  heldStation,
} from '../../builders/kitchenSnapshot.ts';

function stepsOf(snapshot: KitchenSnapshot): readonly KitchenStep[] {
  return planKitchen(snapshot).steps;
}

/** The steps as `kind station demand`; `-` where the demand is left out. */
function inShort(snapshot: KitchenSnapshot): readonly string[] {
  return stepsOf(snapshot).map((step) => {
    if (step.kind === 'pruneStation') return `${step.kind} ${step.station}`;
    const { replicas } = step.intent.body['spec'] as { readonly replicas?: number };
    return `${step.kind} ${step.station} ${replicas ?? '-'}`;
  });
}

const followsCpu = {
  minReplicas: 3,
  maxReplicas: 9,
  metrics: [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } } as const,
  ],
};
const giving: Kitchen = aKitchen({ stations: [aDeclaredStation({ replicas: 6 })] });
const leaving: Kitchen = aKitchen();
const following: Kitchen = aKitchen({ stations: [aDeclaredStation({ scale: followsCpu })] });
const withStation = (kitchen: Kitchen, ...held: [over?: Parameters<typeof heldStation>[2]]): KitchenSnapshot =>
  aKitchenSnapshot({ kitchen, stations: [aDeclaredView({ object: heldStation(kitchen, 'grill', ...held) })] });

describe('applying a Station', () => {
  it('writes the whole of it, owned by its Kitchen', () => {
    const kitchen = aKitchen({
      survive: { zones: 1 },
      zones: ['zone-a', 'zone-b'],
      stations: [aDeclaredStation({ replicas: 6, survive: { nodes: 2 }, ports: [{ port: 80, protocol: 'TCP' }] })],
    });
    const [step] = stepsOf(aKitchenSnapshot({ kitchen }));
    assert.ok(step?.kind === 'applyStation');
    const { metadata, spec, kind } = step.intent.body as { metadata: JsonObject; spec: JsonObject; kind: string };
    assert.deepEqual([kind, metadata['name'], metadata['namespace']], ['Station', 'pizzeria-grill', 'food']);
    assert.deepEqual(metadata['ownerReferences'], [ownedByKitchen()]);
    assert.deepEqual(spec, {
      kitchen: 'pizzeria',
      station: 'grill',
      survive: { pods: 1, nodes: 2, zones: 1 },
      zones: ['zone-a', 'zone-b'],
      paused: false,
      replicas: 6,
      ports: [{ port: 80, protocol: 'TCP' }],
      template: aDeclaredStation().template,
      whenNoRoom: 'Block',
    });
  });

  it('is left out when the Station holds it already', () => assert.deepEqual(inShort(withStation(giving)), []));

  it('is done again when the Kitchen declares something else', () => {
    const paused = aKitchen({ paused: true, stations: giving.spec.stations });
    const stations = [aDeclaredView({ object: heldStation(giving, 'grill') })];
    assert.deepEqual(inShort(aKitchenSnapshot({ kitchen: paused, stations })), ['applyStation grill 6']);
  });

  it('is done again when another manager took a field', () => {
    const { survive: _, ...rest } = (
      stepsOf(aKitchenSnapshot({ kitchen: giving }))[0] as { intent: { body: JsonObject } }
    ).intent.body['spec'] as JsonObject;
    const object = heldStation(giving, 'grill');
    assert.ok(object.state === 'ours');
    const owned = { ...object.owned, 'f:spec': fieldsOf(rest) };
    assert.deepEqual(inShort(withStation(giving, { owned })), ['applyStation grill 6']);
  });

  it('is done for one station whatever is wrong with another', () => {
    const kitchen = aKitchen({ stations: [aDeclaredStation({ name: 'oven' }), aDeclaredStation()] });
    const taken = aDeclaredView({
      name: 'oven',
      object: { state: 'taken', name: 'pizzeria-oven', by: 'Kitchen other' },
    });
    const plan = planKitchen(aKitchenSnapshot({ kitchen, stations: [taken, aDeclaredView()] }));
    assert.deepEqual(
      plan.steps.map(({ station }) => station),
      ['grill'],
    );
    assert.deepEqual(
      plan.problems.map(({ kind, station }) => [kind, station]),
      [['NameTaken', 'oven']],
    );
    assert.match(plan.problems[0]!.message, /pizzeria-oven belongs to Kitchen other: rename/);
  });

  it('is refused for names that are too long together', () => {
    const kitchen = aKitchen({ metadata: { name: 'p'.repeat(42) } });
    const plan = planKitchen(aKitchenSnapshot({ kitchen }));
    assert.deepEqual([plan.steps, plan.problems.map(({ kind }) => kind)], [[], ['NameTooLong']]);
  });
});

describe('demand', () => {
  const alone = { demandOwner: 'operator', replicas: 4, applied: 4 } as const;
  const rows: readonly (readonly [string, KitchenSnapshot, readonly string[]])[] = [
    ['is the Kitchen’s where it gives one', aKitchenSnapshot({ kitchen: giving }), ['applyStation grill 6']],
    ['begins with 1 if none is given', aKitchenSnapshot(), ['applyStation grill 1']],
    [
      'begins with what the Deployments remember',
      aKitchenSnapshot({ stations: [aDeclaredView({ rememberedDemand: 9 })] }),
      ['applyStation grill 9'],
    ],
    [
      'begins with minReplicas where it follows load',
      aKitchenSnapshot({ kitchen: following }),
      ['applyStation grill 3'],
    ],
    [
      'stays what it was when it begins to follow load',
      aKitchenSnapshot({
        kitchen: following,
        stations: [
          aDeclaredView({ object: heldStation(giving, 'grill', { demandOwner: 'operator', intentHash: 'old' }) }),
        ],
      }),
      ['applyStation grill 6', 'handDemand grill 6'],
    ],
    ['is handed over while only we own it', withStation(leaving, alone), ['handDemand grill 4']],
    [
      'is left out of the intent once another manager owns it too',
      withStation(leaving, { ...alone, demandOwner: 'others' }),
      ['applyStation grill -'],
    ],
    ['then stays as others set it', withStation(leaving, { replicas: 11 }), []],
    [
      'is handed over after a change of the rest that is still applied with it',
      withStation(leaving, { ...alone, intentHash: 'of an older intent' }),
      ['applyStation grill 4', 'handDemand grill 4'],
    ],
    [
      'is handed over when the Kitchen stops giving it',
      aKitchenSnapshot({
        kitchen: leaving,
        stations: [aDeclaredView({ object: heldStation(giving, 'grill', { demandOwner: 'operator' }) })],
      }),
      ['handDemand grill 6'],
    ],
    [
      'is taken back when the Kitchen begins to give it',
      aKitchenSnapshot({
        kitchen: giving,
        stations: [aDeclaredView({ object: heldStation(leaving, 'grill', { replicas: 11 }) })],
      }),
      ['applyStation grill 6'],
    ],
    ['is never handed over where the Kitchen gives it', withStation(giving, { demandOwner: 'operator' }), []],
    [
      'is put back when it has no owner',
      withStation(leaving, { demandOwner: 'nobody', replicas: 5 }),
      ['applyStation grill 5'],
    ],
    [
      'is put back where it is missing',
      withStation(leaving, { demandOwner: 'others', replicas: undefined }),
      ['applyStation grill 1'],
    ],
  ];
  for (const [what, snapshot, steps] of rows) it(what, () => assert.deepEqual(inShort(snapshot), steps));

  it('is handed over by an intent that can make no Station', () => {
    const [step] = stepsOf(withStation(leaving, alone));
    assert.ok(step?.kind === 'handDemand');
    assert.deepEqual(step.intent.body, {
      apiVersion: 'kitchen.dev/v1alpha1',
      kind: 'Station',
      metadata: { name: 'pizzeria-grill', namespace: 'food', uid: 'uid-station-pizzeria-grill' },
      spec: { replicas: 4 },
    });
  });

  it('given by the Kitchen and set by an autoscaler is a problem that names both', () => {
    const contested = aDeclaredView({ object: heldStation(giving, 'grill'), autoscalers: ['by-cpu'] });
    const { problems } = planKitchen(aKitchenSnapshot({ kitchen: giving, stations: [contested] }));
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['DemandContested'],
    );
    assert.match(problems[0]!.message, /grill.*by-cpu/);
    const free = aDeclaredView({ object: heldStation(leaving, 'grill'), autoscalers: ['by-cpu'] });
    assert.deepEqual(planKitchen(aKitchenSnapshot({ kitchen: leaving, stations: [free] })).problems, []);
  });
});

describe('a station that is no longer declared', () => {
  const objects = [{ resource: deployments, name: 'pizzeria-fryer-zone-a', uid: 'u', resourceVersion: '7' }];
  const undeclared = [{ name: 'fryer', objects }];

  const serving = withStation(leaving).stations;
  /** What a station that was made a moment ago says; `at` is when it began to be (un)available. */
  const saying = (
    available: 'True' | 'False',
    at = '2026-01-01T00:00:05Z',
    ...more: readonly string[]
  ): KitchenSnapshot =>
    aKitchenSnapshot({
      ...withStation(leaving, {
        status: aStationStatus({
          conditions: [
            ...conditionsWith(aCondition('Available', available, { lastTransitionTime: at })),
            ...more.map((type) => aCondition(type, 'True')),
          ],
        }),
      }),
      undeclared,
    });

  it('is deleted last, each object as it was seen', () => {
    const steps = stepsOf(aKitchenSnapshot({ kitchen: giving, stations: serving, undeclared }));
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['applyStation', 'pruneStation'],
    );
    assert.deepEqual(steps[1], {
      kind: 'pruneStation',
      station: 'fryer',
      namespace: 'food',
      objects,
      why: 'fryer is no longer declared: Deployment pizzeria-fryer-zone-a go',
    });
  });

  it('stays until every new station serves, which may be its successor, and says so', () => {
    const renamed = aKitchenSnapshot({ undeclared });
    assert.deepEqual(inShort(renamed), ['applyStation grill 1']);
    const said = kitchenFigures(renamed, planKitchen(renamed)).conditions.find(({ type }) => type === 'Progressing');
    assert.deepEqual(
      [said?.status, said?.reason, said?.message],
      ['True', 'Pruning', 'fryer: no longer declared, and stays until grill serves'],
    );
    assert.deepEqual(inShort(saying('False')), []);
    assert.deepEqual(inShort(saying('True')), ['pruneStation fryer']);
  });

  it('waits for no station that served before, finds no room, or may not begin', () => {
    assert.deepEqual(inShort(saying('False', '2026-01-01T00:10:00Z')), ['pruneStation fryer']);
    assert.deepEqual(inShort(saying('False', undefined, 'NoRoom')), ['pruneStation fryer']);
    const taken = aDeclaredView({ object: { state: 'taken', name: 'pizzeria-grill', by: 'Kitchen other' } });
    assert.deepEqual(inShort(aKitchenSnapshot({ stations: [taken], undeclared })), ['pruneStation fryer']);
    const long = aKitchen({ metadata: { name: 'p'.repeat(42) } });
    assert.deepEqual(inShort(aKitchenSnapshot({ kitchen: long, undeclared })), ['pruneStation fryer']);
  });

  it('stays while the Kitchen is paused, which its Stations are told', () => {
    const kitchen = aKitchen({ paused: true });
    const steps = stepsOf(aKitchenSnapshot({ kitchen, undeclared }));
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['applyStation'],
    );
  });
});
