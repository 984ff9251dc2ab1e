import assert from 'node:assert/strict';
import type { Condition, StatedCondition } from '../../../operator/api/conditions.ts';
import type { StationStatus } from '../../../operator/api/station.ts';
import type { DeclaredStation, KitchenSnapshot } from '../../../operator/model/kitchenSnapshot.ts';
import { kitchenFigures } from '../../../operator/report/kitchen/figures.ts';
import type { KitchenFigures } from '../../../operator/report/kitchen/figures.ts';
import { planKitchen } from '../../../operator/plan/kitchen.ts';
import { leastSurvives } from '../../../operator/report/kitchen/leastSurvives.ts';
import { aDeclaredStation, aKitchen } from '../../builders/kitchen.ts';
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
function figuresOf(oven: Partial<DeclaredStation>, declared = kitchen): KitchenFigures {
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
const saying = (over: StationStatus): Partial<DeclaredStation> => ({
  object: heldStation(kitchen, 'oven', { status: aStationStatus(over) }),
});
const oven = (...conditions: readonly Condition[]): Partial<DeclaredStation> =>
  saying({ conditions: conditionsWith(...conditions) });

describe('a Kitchen as a whole', () => {
  it('is well when all its stations are', () => {
    const figures = figuresOf(well);
    assert.deepEqual([figures.stations, figures.ready, figures.survives], [2, 2, '1 node']);
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

  const rows: readonly (readonly [string, Partial<DeclaredStation>, StatedCondition['type'], string])[] = [
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
      'is Progressing while a Station is still to be made',
      {},
      'Progressing',
      'True Starting: oven: nothing is known yet',
    ],
  ];
  for (const [what, state, type, words] of rows) it(what, () => assert.equal(told(figuresOf(state), type), words));

  it('names what somebody must cure before what mends itself', () => {
    const not = (reason: string): DeclaredStation['object'] =>
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
    assert.equal(figuresOf({}).survives, undefined);
  });
});

describe('the least that any station survives', () => {
  const rows: readonly (readonly [readonly string[], string | undefined])[] = [
    [[], undefined],
    [['1 zone, 2 nodes'], '1 zone, 2 nodes'],
    [['1 zone, 2 nodes', '2 zones, 1 node'], '1 zone, 1 node'],
    [['1 zone, 2 nodes', '1 node'], '1 node'],
    [['1 zone', '2 pods'], '2 pods'],
    [['3 pods', '2 pods'], '2 pods'],
    [['1 zone', '1 node'], '1 pod'],
    [['1 zone', 'none'], 'none'],
    [['none', 'none, 2 short'], 'none, 2 short'],
    [['none, 1 short', 'none, 3 short'], 'none, 3 short'],
    [['1 zone, 2 nodes', '0 more zones, zone-b is down'], '0 more zones, zone-b is down'],
    [
      ['2 zones, 2 nodes', '1 more zone, 3 nodes, zone-b, zone-c are down'],
      '1 more zone, 2 nodes, zone-b, zone-c are down',
    ],
    [['1 zone', '1 more zone, 2 nodes, 1 is down'], '1 more zone, 1 is down'],
    [['none, 1 short', '0 more zones, zone-b is down'], 'none, 1 short'],
  ];
  for (const [texts, least] of rows) {
    it(`of ${texts.map((text) => `"${text}"`).join(' and ') || 'no station'} is ${least}`, () => {
      assert.equal(leastSurvives(texts), least);
    });
  }
});
