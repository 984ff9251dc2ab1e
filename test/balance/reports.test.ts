import assert from 'node:assert/strict';
import type { BackendReport } from '../../operator/traffic/report.ts';
import { LoadReports } from '../../operator/balance/reports.ts';

const backend = 'default.pizzeria-grill.80';
const envoy = { pod: 'hub-1', id: 'envoy-1', hubZone: 'zone-a' };
const report = (issued: number, inFlight = 0, overS = 2): BackendReport => ({
  backend,
  overS,
  zones: [{ zone: 'zone-a', issued, done: issued, inFlight }],
});

describe('what hubs have told of their load', () => {
  it('is by the second, and the sum of the Envoys of a zone', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 3), 0);
    reports.hear({ ...envoy, id: 'envoy-2' }, report(10, 1), 0);
    reports.hear({ ...envoy, pod: 'hub-2', hubZone: 'zone-b' }, report(4), 0);
    assert.deepEqual(reports.hubZones(backend), ['zone-a', 'zone-b']);
    assert.deepEqual(reports.between(backend, 'zone-a', 'zone-a'), { issued: 15, done: 15, inFlight: 4 });
    assert.deepEqual(reports.between(backend, 'zone-b', 'zone-a'), { issued: 2, done: 2, inFlight: 0 });
    assert.deepEqual(reports.between(backend, 'zone-b', 'zone-c'), { issued: 0, done: 0, inFlight: 0 });
  });

  it('rises at once where more comes, and falls by half', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 8), 0);
    reports.hear(envoy, report(60, 16), 2_000);
    assert.deepEqual(reports.between(backend, 'zone-a', 'zone-a'), { issued: 30, done: 20, inFlight: 12 });
    reports.hear(envoy, { backend, overS: 2, zones: [] }, 4_000);
    assert.deepEqual(reports.between(backend, 'zone-a', 'zone-a'), { issued: 15, done: 10, inFlight: 6 });
  });

  it('counts for half a minute when a hub falls silent, and not when its pod is gone', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20), 0);
    reports.hear({ ...envoy, pod: 'hub-2' }, report(20), 20_000);
    assert.deepEqual(reports.backends(30_000), [backend]);
    assert.equal(reports.between(backend, 'zone-a', 'zone-a').issued, 20);
    reports.backends(31_000);
    assert.equal(reports.between(backend, 'zone-a', 'zone-a').issued, 10);
    reports.keepOnly((pod) => pod !== 'hub-2');
    assert.deepEqual(reports.backends(31_000), []);
  });

  it('is nothing where a report tells of no time', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 0, 0), 0);
    assert.deepEqual(reports.backends(0), []);
  });
});
