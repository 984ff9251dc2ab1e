import assert from 'node:assert/strict';
import type { Condition, StatedCondition } from '../../../operator/api/conditions.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import type { ObservedStation, KitchenSnapshot } from '../../../operator/model/kitchenSnapshot.ts';
import { kitchenFigures } from '../../../operator/report/kitchen/figures.ts';
import type { KitchenFigures } from '../../../operator/report/kitchen/figures.ts';
import { planKitchen } from '../../../operator/plan/kitchen/planKitchen.ts';
import { leastSurvival } from '../../../operator/report/kitchen/leastSurvival.ts';
import { aDeclaredStation, aKitchen } from '../../builders/kitchen.ts';
import type { SurvivalStatus } from '../../../operator/api/status.ts';
import {
  aCondition,
  aDeclaredView,
  aKitchenSnapshot,
  aStationStatus,
  conditionsWith,
  heldStation,
} from '../../builders/kitchenSnapshot.ts';

const kitchen = aKitchen({ stations: [aDeclaredStation(), aDeclaredStation({ name: 'oven' })] });

/** The figures of a Kitchen whose grill is well and whose oven is as given. */
function figuresOf(oven: Partial<ObservedStation>, declared = kitchen): KitchenFigures {
  const grill = aDeclaredView({ object: heldStation(declared, 'grill') });
  const stations = [grill, aDeclaredView({ ...oven, name: 'oven' })];
  return figuresIn(aKitchenSnapshot({ kitchen: declared, stations }));
}

function figuresIn(snapshot: KitchenSnapshot): KitchenFigures {
  return kitchenFigures(snapshot, planKitchen(snapshot));
}

function told(figures: KitchenFigures, type: StatedCondition['type']): string {
  const condition = figures.conditions.find((each) => each.type === type);
  return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
}

const well = { object: heldStation(kitchen, 'oven') };
const saying = (over: StationStatus): Partial<ObservedStation> => ({
  object: heldStation(kitchen, 'oven', { status: aStationStatus(over) }),
});
const oven = (...conditions: readonly Condition[]): Partial<ObservedStation> =>
  saying({ conditions: conditionsWith(...conditions) });

const shiftedConditions = (status: 'True' | 'False', reason: string, message: string): readonly Condition[] => [
  ...conditionsWith(),
  aCondition('Shifted', status, { reason, message }),
];
const shifting = (...said: Parameters<typeof shiftedConditions>): Partial<ObservedStation> =>
  saying({ conditions: shiftedConditions(...said) });

describe('a Kitchen as a whole', () => {
  it('is well when all its stations are', () => {
    const figures = figuresOf(well);
    assert.deepEqual([figures.stations, figures.ready, figures.survival?.nodes], [2, 2, 1]);
    assert.deepEqual(
      figures.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
      [
        'Ready True AllServed',
        'Available True DemandServed',
        'Survivable True AsDeclared',
        'Progressing False Settled',
      ],
    );
  });

  const rows: readonly (readonly [string, Partial<ObservedStation>, StatedCondition['type'], string])[] = [
    [
      'is not Ready when one station is not, and says which and why',
      oven(aCondition('Ready', 'False', { message: '5 ready, demand is 6' })),
      'Ready',
      'False StationsNotReady: oven: 5 ready, demand is 6',
    ],
    [
      'is not Ready before every Station is there',
      {},
      'Ready',
      'False StationsNotReady: oven: its Station does not exist yet',
    ],
    [
      'is not Ready by a status of an older spec',
      saying({ observedGeneration: 0 }),
      'Ready',
      'False StationsNotReady: oven: the operator has not acted on its newest spec yet',
    ],
    [
      'is not Ready by the status of a Station that is about to change',
      { object: heldStation(kitchen, 'oven', { intentHash: 'old' }) },
      'Ready',
      'False StationsNotReady: oven: the operator has not acted on its newest spec yet',
    ],
    [
      'says NameTaken before all else',
      { object: { state: 'taken', name: 'pizzeria-oven', by: 'Kitchen other' } },
      'Ready',
      'False NameTaken: Station pizzeria-oven belongs to Kitchen other: rename the station or the Kitchen, or remove that object',
    ],
    [
      'is not Available when one station is short',
      oven(aCondition('Available', 'False', { message: '5 ready, demand is 6' })),
      'Available',
      'False BelowDemand: oven: 5 ready, demand is 6',
    ],
    [
      'is of unknown availability while a station has said nothing',
      { object: heldStation(kitchen, 'oven', { status: undefined }) },
      'Available',
      'Unknown Unknown: oven: nothing is known yet',
    ],
    [
      'is not Survivable, with the reason of the station that is not',
      oven(aCondition('Survivable', 'False', { reason: 'TooFewZones', message: 'two zones' })),
      'Survivable',
      'False TooFewZones: oven: two zones',
    ],
    [
      'is Progressing while one station is',
      oven(aCondition('Progressing', 'True', { reason: 'RollingOut', message: 'the new template goes to zone-a' })),
      'Progressing',
      'True RollingOut: oven: the new template goes to zone-a',
    ],
    [
      'says that requests have left a zone, and until when',
      shifting('True', 'Left', 'new requests have left zone-b'),
      'Shifted',
      'True Left: oven: new requests have left zone-b',
    ],
    [
      'says why requests have not left a zone yet',
      shifting('False', 'MakingCapacity', 'the others lack pods'),
      'Shifted',
      'False MakingCapacity: oven: the others lack pods',
    ],
    [
      'is Progressing while a Station is still to be made',
      {},
      'Progressing',
      'True Starting: oven: nothing is known yet',
    ],
  ];
  for (const [what, state, type, words] of rows) it(what, () => assert.equal(told(figuresOf(state), type), words));

  it('says of its shifts what waits, before what is done, before what is over', () => {
    const saysOf = (...reasons: readonly (readonly ['True' | 'False', string])[]): string => {
      const stations = reasons.map(([status, reason], index) => {
        const name = ['grill', 'oven'][index] ?? 'grill';
        const conditions = shiftedConditions(status, reason, 'so it is');
        return aDeclaredView({ name, object: heldStation(kitchen, name, { status: aStationStatus({ conditions }) }) });
      });
      return told(figuresIn(aKitchenSnapshot({ kitchen, stations })), 'Shifted');
    };
    assert.equal(saysOf(['True', 'Left'], ['False', 'PlainService']), 'False PlainService: oven: so it is');
    assert.equal(saysOf(['False', 'Over'], ['True', 'Left']), 'True Left: oven: so it is');
    assert.equal(saysOf(['False', 'Over'], ['False', 'Over']), 'False Over: grill: so it is; oven: so it is');
  });

  it('names first what a person must cure, then what mends itself', () => {
    const not = (reason: string): ObservedStation['object'] =>
      heldStation(kitchen, 'grill', {
        status: aStationStatus({ conditions: conditionsWith(aCondition('Survivable', 'False', { reason })) }),
      });
    const stations = [
      aDeclaredView({ object: not('Restoring') }),
      aDeclaredView({ name: 'oven', object: not('Cannot') }),
    ];
    assert.match(
      told(figuresIn(aKitchenSnapshot({ kitchen, stations })), 'Survivable'),
      /^False Cannot: grill: .*; oven: /,
    );
  });

  it('says Paused when it is and nothing goes on', () => {
    const paused = aKitchen({ ...kitchen.spec, paused: true });
    assert.equal(
      told(figuresOf({ object: heldStation(paused, 'oven') }, paused), 'Progressing'),
      'False Paused: paused',
    );
  });

  it('does not say what it survives before every station has', () => {
    assert.equal(figuresOf({}).survival, undefined);
  });

  it('does not say what it survives while a Station has only the words of an older operator: a pass will follow', () => {
    assert.equal(figuresOf(saying({ survives: '2 nodes', survival: undefined })).survival, undefined);
  });
});

describe('the least that any station survives', () => {
  const placed = (over: Partial<SurvivalStatus>): SurvivalStatus => ({
    pods: 3,
    nodes: 2,
    zones: 1,
    short: 0,
    lostZones: [],
    ...over,
  });
  const least = (...stations: readonly Partial<SurvivalStatus>[]): SurvivalStatus | undefined =>
    leastSurvival(stations.map(placed));

  it('is not known of none, and of one is what that survives', () => {
    assert.equal(least(), undefined);
    assert.deepEqual(least({}), placed({}));
  });

  it('is the fewest pods, nodes and zones, each of whichever station', () => {
    assert.deepEqual(
      least({ zones: 0, nodes: 1 }, { pods: 2 }, { pods: 9, nodes: 5 }),
      placed({ zones: 0, nodes: 1, pods: 2 }),
    );
  });

  it('is short by what the worst lacks', () => {
    const none = { pods: 0, nodes: 0, zones: 0 };
    assert.deepEqual(least({}, { ...none, short: 1 }, { ...none, short: 3 }), placed({ ...none, short: 3 }));
  });

  it('has lost every zone that any has lost, once', () => {
    const lost = [['zone-c'], ['zone-b', 'zone-c'], []].map((lostZones) => ({ lostZones }));
    assert.deepEqual(least(...lost), placed({ lostZones: ['zone-b', 'zone-c'] }));
  });
});
