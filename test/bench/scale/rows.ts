import type { CalmRow, Conditions, Row, ScaleResult, ZoneRow } from '../../../tools/bench/scale/result.ts';

export const conditions: Conditions = {
  commit: 'abc',
  bundle: '0123456789ab',
  against: '2f8a23b2428635b3ac1760012e2feaad3fa6518e',
  kubernetes: 'v1.37.2',
  cores: 2,
  workers: null,
  profiled: false,
  limitS: null,
};

export function aResult(rows: readonly Row[]): ScaleResult {
  return { measured: '2026-01-01', ...conditions, rows };
}

/** A zone died under 100 Kitchens in one namespace; all was whole after 20 s. */
export function aZoneRow(parts: Partial<ZoneRow> & Pick<ZoneRow, 'who'>): ZoneRow {
  return {
    kind: 'zone',
    kitchens: 100,
    namespaces: 1,
    run: 1,
    servedS: 60,
    stations: 300,
    wholeS: 20,
    fromDeathS: 60,
    lostS: 40,
    allLostS: 43,
    cpuS: { 'kube-apiserver': 30, operator: 6 },
    cpuUntilWholeS: { 'kube-apiserver': 20, operator: 5 },
    writes: { 'patch stations/status': 3, 'patch deployments': 1, 'delete pods': 0.01 },
    kubernetesWrites: { 'replicaset-controller create pods': 1 },
    conflicts: { ours: 0, kubernetes: 1.09 },
    looks: 20,
    grownMs: { p50: 900, p99: 2_500 },
    rssMiB: 200,
    rssServedMiB: 190,
    rssPeakMiB: 230,
    podsMade: 300,
    intoDyingZone: 0,
    madeTwice: 0,
    ...parts,
  };
}

export function aCalmRow(parts: Partial<CalmRow> & Pick<CalmRow, 'who'>): CalmRow {
  return {
    kind: 'calm',
    kitchens: 100,
    namespaces: 1,
    run: 1,
    servedS: 60,
    steady: { writes: 0, looks: 1, cpuPercent: 0.5, rssMiB: 180 },
    podKills: {
      events: 200,
      toWriteMs: { p50: 12, p99: 80 },
      cpuMsPerEvent: 15,
      looksPerEvent: 9,
      writesPerEvent: 4,
    },
    ...parts,
  };
}
