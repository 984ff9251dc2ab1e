import assert from 'node:assert/strict';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { PlannedStation } from '../../operator/cli/planFile.ts';
import { planText } from '../../operator/cli/planText.ts';
import { withColours } from '../builders/colours.ts';
import { aKitchen } from '../builders/kitchen.ts';
import { aPlan } from '../builders/plan.ts';
import { aPodView, aSnapshot, aZone } from '../builders/snapshot.ts';

const template = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '100m', memory: '64Mi' } } }] } };

function planned(over: Partial<PlannedStation> = {}): PlannedStation {
  const zones = [
    aZone({ name: 'zone-b', pods: [aPodView(), aPodView({ name: 'old', state: 'deleting' })] }),
    aZone({ name: 'zone-a' }),
  ];
  const zoneTargets = new Map([
    ['zone-a' as ZoneName, 4],
    ['zone-b' as ZoneName, 5],
  ]);
  return {
    name: 'grill',
    snapshot: aSnapshot({ station: { replicas: 6, template, survive: { pods: 1, nodes: 2, zones: 1 } }, zones }),
    plan: aPlan({ target: 9, zoneTargets }),
    hubReaders: [],
    ...over,
  };
}

describe('planText', () => {
  withColours(false);

  it('shows pods, placement and price a station; a zone that only another station uses is a dash', () => {
    const elsewhere = planned({
      name: 'oven',
      snapshot: aSnapshot({
        station: { replicas: 1, template, survive: { pods: 0 } },
        zones: [aZone({ name: 'zone-c' })],
      }),
      plan: aPlan({ target: 1, zoneTargets: new Map([['zone-c' as ZoneName, 1]]) }),
    });
    assert.equal(
      planText(aKitchen(), 'food', [planned(), elsewhere]),
      `Kitchen food/pizzeria, planned against the live cluster; nothing is written

  STATION  DEMAND  PODS  NOW  SURVIVES THE LOSS OF        zone-a  zone-b  zone-c  EXTRA  CPU   MEMORY
  grill    6       9     1    1 zone or 2 nodes or 1 pod  4       5       -       +3     300m  192Mi
  oven     1       1     0    nothing                     -       -       1       +0     0     0`,
    );
  });

  it('says which zones are shifted', () => {
    const shift = { zone: 'zone-b' as ZoneName, until: '2026-12-01T13:00:00Z', state: 'on' as const, isLeft: false };
    assert.equal(
      planText(aKitchen(), 'food', [planned({ plan: aPlan({ shifts: [shift] }) })])
        .split('\n')
        .at(-1),
      '• grill: zone-b is shifted until 2026-12-01T13:00:00Z, and counted as lost',
    );
  });

  it('says below the table why a declared loss is not survived, and what the API server refuses', () => {
    const plan = aPlan({ problems: [{ kind: 'TooFewZones', message: 'needs at least 2 zones' }] });
    const station = planned({
      plan,
      hubReaders: ['Ingress front reads Service x: mind it'],
      refused: 'spec.containers: Required value',
    });
    assert.deepEqual(planText(aKitchen(), 'food', [station]).split('\n').slice(-4), [
      '',
      '! grill: TooFewZones: needs at least 2 zones',
      '! grill: hub: Ingress front reads Service x: mind it',
      '✗ grill: the API server refuses its pods: spec.containers: Required value',
    ]);
  });
});
