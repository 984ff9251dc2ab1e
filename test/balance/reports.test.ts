import assert from 'node:assert/strict';
import { LoadReports } from '../../operator/balance/reports.ts';
import type { BackendReport } from '../../operator/traffic/report.ts';

const backend = 'default.pizzeria-grill.80';
const envoy = { pod: 'hub-1', id: 'envoy-1', hubZone: 'zone-a' };
const report = (issued: number, inFlight = 0, overS = 2): readonly BackendReport[] => [
  { backend, overS, zones: [{ zone: 'zone-a', issued, done: issued, failed: 0, inFlight }] },
];
const atHome = (reports: LoadReports, nowMs: number): unknown =>
  reports.loadOf(backend, nowMs).between('zone-a', 'zone-a');

describe('what hubs have told of their load', () => {
  it('is by the second, and the sum of the Envoys of a zone', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 3), 0);
    reports.hear({ ...envoy, id: 'envoy-2' }, report(10, 1), 0);
    reports.hear({ ...envoy, pod: 'hub-2', hubZone: 'zone-b' }, report(4), 0);
    const { hubZones, between } = reports.loadOf(backend, 0);
    assert.deepEqual(hubZones, ['zone-a', 'zone-b']);
    assert.deepEqual(between('zone-a', 'zone-a'), { issued: 15, done: 15, failed: 0, inFlight: 4 });
    assert.deepEqual(between('zone-b', 'zone-a'), { issued: 2, done: 2, failed: 0, inFlight: 0 });
    assert.deepEqual(between('zone-b', 'zone-c'), { issued: 0, done: 0, failed: 0, inFlight: 0 });
    assert.equal(reports.count(0), 3);
  });

  it('rises at once where more comes, and falls by half, also where an Envoy says nothing of a backend', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 8), 0);
    reports.hear(envoy, report(60, 16), 2_000);
    assert.deepEqual(atHome(reports, 2_000), { issued: 30, done: 20, failed: 0, inFlight: 12 });
    reports.hear(envoy, [], 4_000);
    assert.deepEqual(atHome(reports, 4_000), { issued: 15, done: 10, failed: 0, inFlight: 6 });
  });

  it('counts for half a minute when a hub falls silent, and not when its pod is gone', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20), 0);
    reports.hear({ ...envoy, pod: 'hub-2' }, report(20), 20_000);
    assert.deepEqual(atHome(reports, 30_000), { issued: 20, done: 20, failed: 0, inFlight: 0 });
    assert.deepEqual(atHome(reports, 31_000), { issued: 10, done: 10, failed: 0, inFlight: 0 });
    assert.deepEqual(Object.fromEntries(reports.heardWithin(12_000, 31_000)), { 'hub-1': 0, 'hub-2': 1 });
    reports.keepOnly((pod) => pod !== 'hub-2', 31_000);
    assert.deepEqual([...reports.backends(31_000)], []);
    assert.deepEqual([...reports.heardWithin(12_000, 31_000).keys()], ['hub-1']);
  });

  it('is nothing where a report tells of no time', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20, 0, 0), 0);
    assert.deepEqual([...reports.backends(0)], []);
  });

  it('is forgotten of what has long been idle, and of Envoys that have long been silent', () => {
    const reports = new LoadReports();
    reports.hear(envoy, report(20), 0);
    for (let nowMs = 60_000; nowMs <= 600_000; nowMs += 60_000) reports.hear(envoy, [], nowMs);
    assert.deepEqual([...reports.backends(600_000)], [backend]);
    reports.hear(envoy, [], 1_200_000);
    assert.deepEqual([...reports.backends(1_200_000)], []);
    reports.keepOnly(() => true, 1_800_001);
    assert.equal(reports.heardWithin(12_000, 1_800_001).size, 0);
  });

  it('is bounded, whatever a stolen token tells', () => {
    const reports = new LoadReports();
    for (let made = 0; made < 50; made += 1) reports.hear({ ...envoy, id: `${made}`.repeat(5_000) }, report(20), made);
    assert.equal(reports.count(50), 2);
    const huge = [{ backend, overS: 0.001, zones: [] }, ...report(1e18, 1e18, 1)];
    const other = new LoadReports();
    other.hear(envoy, huge, 0);
    assert.deepEqual(atHome(other, 0), { issued: 1e6, done: 1e6, failed: 0, inFlight: 1e6 });
  });
});
