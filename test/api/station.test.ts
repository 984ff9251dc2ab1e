import assert from 'node:assert/strict';
import { stationSchema, zoneSummary } from '../../operator/api/station.ts';
import type { ZoneRow } from '../../operator/api/status.ts';
import { aStation } from '../builders/kitchen.ts';

function row(name: string, over: Partial<ZoneRow> = {}): ZoneRow {
  return { name, state: 'Live', target: 3, ready: 3, ...over };
}

describe('stationSchema', () => {
  it('takes a station with a whole status', () => {
    const status = {
      observedGeneration: 1,
      demand: 6,
      target: 9,
      ready: 9,
      replicas: 6,
      selector: 'kitchen.dev/kitchen=pizzeria,kitchen.dev/station=grill',
      survives: '1 zone',
      survival: { pods: 3, nodes: 0, zones: 1, short: 0, lostZones: ['zone-c', '(none)'] },
      surplus: 3,
      zones: [row('zone-a'), row('(none)', { state: 'Missing', target: 0, ready: 0 })],
      zoneSummary: 'zone-a 3/3',
      conditions: [
        { type: 'Ready', status: 'True', reason: 'AllServed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
      price: { pods: 3, cpu: '300m', memory: '192Mi' },
      decisions: [{ id: 'd1', time: '2026-01-01T00:00:00Z', what: 'grow zone-a to 3', why: 'demand is 6' }],
      waiting: ['2 pods of zone-a start'],
    } as const;
    assert.equal(stationSchema.safeParse(aStation({ status })).error, undefined);
  });

  for (const field of ['kitchen', 'station', 'survive', 'paused', 'replicas', 'template']) {
    it(`refuses a station without ${field}: it has no default there`, () => {
      const station = aStation();
      const { [field as 'paused']: _left, ...spec } = station.spec;
      assert.deepEqual(stationSchema.safeParse({ ...station, spec }).error?.issues[0]?.path, ['spec', field]);
    });
  }

  it('takes a station whose last port was taken away: the API server drops a list that an apply leaves empty', () => {
    const station = aStation();
    const { ports: _ports, ...spec } = station.spec;
    assert.deepEqual(stationSchema.parse({ ...station, spec }).spec.ports, []);
  });
});

describe('zoneSummary', () => {
  it('shows ready and target of each zone, and its state unless it is Live', () => {
    const rows = [row('zone-a'), row('zone-b', { state: 'Lost', ready: 0 }), row('(none)', { ready: 2 })];
    assert.equal(zoneSummary(rows), 'zone-a 3/3, zone-b 0/3 Lost, none 2/3');
  });

  it('counts more than four', () => {
    const rows = ['a', 'b', 'c', 'd'].map((name) => row(name));
    assert.equal(zoneSummary([...rows, row('e', { state: 'Lost' })]), '4 of 5 live');
  });

  it('is empty without zones', () => {
    assert.equal(zoneSummary([]), '');
  });
});
