import assert from 'node:assert/strict';
import { LoadReports } from '../../operator/balance/reports.ts';
import { stationLoadIn } from '../../operator/hub/stationLoad.ts';

const backend = 'default.pizzeria-grill.80';
const hear = (reports: LoadReports, [pod, id]: readonly [string, string], nowMs: number): void =>
  reports.hear(
    { pod, id, hubZone: 'zone-a' },
    [
      {
        backend,
        overS: 1,
        zones: [
          { zone: 'zone-a', issued: 10, done: 9, failed: 0, inFlight: 3 },
          { zone: 'zone-b', issued: 5, done: 5, failed: 0, inFlight: 1 },
        ],
      },
    ],
    nowMs,
  );

describe('the load of a station, of all hubs together', () => {
  it('is the sum over hubs, zones and ports', () => {
    const reports = new LoadReports();
    hear(reports, ['hub-1', '1'], 0);
    hear(reports, ['hub-2', '1'], 0);
    const counted = { backends: [backend, 'default.pizzeria-grill.81'], hubs: new Map(), nowMs: 0 };
    assert.deepEqual(stationLoadIn(reports, counted), { inFlight: 8, requestsPerSecond: 30, silentHub: undefined });
  });

  it('has the rate of the last report, and not the peak of noise', () => {
    const reports = new LoadReports();
    const tell = (issued: number, nowMs: number): void =>
      reports.hear(
        { pod: 'hub-1', id: '1', hubZone: 'zone-a' },
        [{ backend, overS: 1, zones: [{ zone: 'zone-a', issued, done: issued, failed: 0, inFlight: 0 }] }],
        nowMs,
      );
    const rates = [40, 20, 30].map((issued, second) => {
      tell(issued, second * 1_000);
      const counted = { backends: [backend], hubs: new Map(), nowMs: second * 1_000 };
      return stationLoadIn(reports, counted).requestsPerSecond;
    });
    assert.deepEqual(rates, [40, 20, 30]);
  });

  it('names the hub of which not both Envoys are heard', () => {
    const reports = new LoadReports();
    const silentHub = (hubs: Readonly<Record<string, boolean>>, nowMs: number): string | undefined =>
      stationLoadIn(reports, { backends: [backend], hubs: new Map(Object.entries(hubs)), nowMs }).silentHub;
    hear(reports, ['hub-1', '1'], 0);
    assert.equal(silentHub({ 'hub-1': true }, 0), 'hub-1');
    hear(reports, ['hub-1', '2'], 0);
    assert.equal(silentHub({ 'hub-1': true }, 12_000), undefined);
    assert.equal(silentHub({ 'hub-1': true }, 12_001), 'hub-1');
    assert.equal(silentHub({ 'hub-1': true, 'hub-2': true }, 0), 'hub-2');
    // On a node that is cut off it goes on serving. One that never told anything serves nobody.
    assert.equal(silentHub({ 'hub-1': false }, 20_000), 'hub-1');
    assert.equal(silentHub({ 'hub-1': true, 'hub-2': false }, 0), undefined);
  });
});
