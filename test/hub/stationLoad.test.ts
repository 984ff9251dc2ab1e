import assert from 'node:assert/strict';
import { LoadReports } from '../../operator/balance/reports.ts';
import { stationLoadIn } from '../../operator/hub/stationLoad.ts';

const backend = 'default.pizzeria-grill.80';
const hear = (reports: LoadReports, pod: string, nowMs: number): void =>
  reports.hear(
    { pod, id: '1', hubZone: 'zone-a' },
    [
      {
        backend,
        overS: 1,
        zones: [
          { zone: 'zone-a', issued: 10, done: 9, inFlight: 3 },
          { zone: 'zone-b', issued: 5, done: 5, inFlight: 1 },
        ],
      },
    ],
    nowMs,
  );

describe('the load of a station, of all hubs together', () => {
  it('is the sum over hubs, zones and ports', () => {
    const reports = new LoadReports();
    hear(reports, 'hub-1', 0);
    hear(reports, 'hub-2', 0);
    const counted = { backends: [backend, 'default.pizzeria-grill.81'], hubs: ['hub-1', 'hub-2'], nowMs: 0 };
    assert.deepEqual(stationLoadIn(reports, counted), { inFlight: 8, requestsPerSecond: 30, silentHub: undefined });
  });

  it('has the rate of the last report, and not the peak of noise', () => {
    const reports = new LoadReports();
    const tell = (issued: number, nowMs: number): void =>
      reports.hear(
        { pod: 'hub-1', id: '1', hubZone: 'zone-a' },
        [{ backend, overS: 1, zones: [{ zone: 'zone-a', issued, done: issued, inFlight: 0 }] }],
        nowMs,
      );
    const rates = [40, 20, 30].map((issued, second) => {
      tell(issued, second * 1_000);
      const counted = { backends: [backend], hubs: ['hub-1'], nowMs: second * 1_000 };
      return stationLoadIn(reports, counted).requestsPerSecond;
    });
    assert.deepEqual(rates, [40, 20, 30]);
  });

  it('names the hub that is there and was not heard, or has fallen silent', () => {
    const reports = new LoadReports();
    hear(reports, 'hub-1', 0);
    const silentHub = (hubs: readonly string[], nowMs: number): string | undefined =>
      stationLoadIn(reports, { backends: [backend], hubs, nowMs }).silentHub;
    assert.equal(silentHub(['hub-1'], 12_000), undefined);
    assert.equal(silentHub(['hub-1'], 12_001), 'hub-1');
    assert.equal(silentHub(['hub-1', 'hub-2'], 0), 'hub-2');
    // One that is not Ready serves nobody.
    assert.equal(silentHub([], 20_000), undefined);
  });
});
