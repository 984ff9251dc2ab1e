import assert from 'node:assert/strict';
import { scalePicture } from '../../../tools/bench/scale/picture.ts';
import type { ScaleResult, SizeResult } from '../../../tools/bench/scale/result.ts';
import { scaleTable } from '../../../tools/bench/scale/table.ts';

function aSize(kitchens: number): SizeResult {
  return {
    kitchens,
    stations: kitchens * 3,
    pods: kitchens * 9,
    nodes: 15,
    servedSeconds: 40,
    steady: { writes: 0, looks: 0, cpuPercent: 0.5, rssMib: 180 },
    podKills: { events: 200, toWriteMs: { p50: 12, p99: 80 }, looksPerEvent: 9, writesPerEvent: 4 },
    zoneKill: {
      stations: kitchens * 2,
      toGrowMs: { p50: 900, p99: 2_500 },
      halfWholeSeconds: 60,
      allWholeSeconds: 66,
      noticedSeconds: 17.5,
      writesPerStation: 11,
      looksPerStation: 20,
      queues: {
        operator: { most: 5, busySeconds: 0.5 },
        replicaSets: { most: 90, busySeconds: 12 },
        scheduler: { most: 400, busySeconds: 9 },
      },
      cpuSeconds: { 'kube-apiserver': 30, operator: 6 },
      rssMib: 200,
    },
  };
}

const result: ScaleResult = {
  measured: '2026-01-01',
  commit: 'abc',
  kubernetes: 'v1.37.2',
  cores: 2,
  sizes: [aSize(100), aSize(300)],
};

describe('the table of sizes', () => {
  const text = scaleTable(result);

  it('has a column for each size', () => {
    assert.match(text, /100 Kitchens, 300 stations\s+300 Kitchens, 900 stations/);
    assert.match(text, /first write, p50 \/ p99\s+12 \/ 80 ms\s+12 \/ 80 ms/);
  });

  it('shows whose queue was full, and who used the processor', () => {
    assert.match(text, /queue of operator: most, time not empty\s+5, 0\.5 s/);
    assert.match(text, /queue of scheduler: most, time not empty\s+400, 9 s/);
    assert.match(text, /CPU of kube-apiserver\s+30 s/);
  });
});

describe('the picture of sizes', () => {
  it('sets the operator’s queue beside the busiest of the others', () => {
    const svg = scalePicture(result);
    assert.equal(svg.match(/0\.5 s operator/g)?.length, 2);
    assert.equal(svg.match(/12 s Kubernetes/g)?.length, 2);
  });
});
