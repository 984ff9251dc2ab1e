import { barGroups } from '../barGroups.ts';
import type { Bar } from '../barGroups.ts';
import { faultNames, faults } from './faults.ts';
import type { TrafficResult } from './result.ts';
import { cellRows, sumOf } from './table.ts';
import type { Sum } from './table.ts';
import { wayNames, ways } from './ways/names.ts';
import type { WayName } from './ways/names.ts';

const colours = {
  hub: ['#0969da', '#4493f8'],
  'hub-500ms': ['#1a7f37', '#3fb950'],
  'kube-proxy': ['#cf222e', '#f85149'],
  'stock-envoy': ['#b87500', '#e3b341'],
  haproxy: ['#8250df', '#ab7df8'],
  nginx: ['#59636e', '#8b949e'],
} as const satisfies Readonly<Record<WayName, readonly [string, string]>>;

/** Draws how many requests failed: a group for each fault, a bar for each way. */
export function trafficPicture({ rows }: TrafficResult): string {
  const groups = faultNames.flatMap((fault) => {
    const bars = wayNames.flatMap((who) => {
      const own = cellRows(rows, fault, who);
      return own === undefined ? [] : [barOf(who, sumOf(own))];
    });
    return bars.length === 0 ? [] : [{ heading: faults[fault].words, bars }];
  });
  return barGroups({ title: 'Requests that fail when pods die, by fault and way', colours, groups });
}

function barOf(who: WayName, { sent, failed }: Sum): Bar {
  const percent = sent === 0 ? 0 : (failed / sent) * 100;
  return { colour: who, value: percent, text: `${failed} of ${sent} ${ways[who]}` };
}
