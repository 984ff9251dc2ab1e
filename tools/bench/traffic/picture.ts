import { escaped, page, scale } from '../svg.ts';
import { faultNames, faults } from './faults.ts';
import type { FaultName } from './faults.ts';
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

const WIDTH = 960;
const COLUMNS = 2;
const PANEL = { width: WIDTH / COLUMNS, left: 24, right: 24, top: 16, heading: 24, row: 18, gap: 16 };

interface Bar extends Sum {
  readonly who: WayName;
}

/** Draws how many requests failed: a group for each fault, a bar for each way. */
export function trafficPicture({ rows }: TrafficResult): string {
  const groups = faultNames.flatMap((fault) => {
    const bars = wayNames.flatMap((who): readonly Bar[] => {
      const own = cellRows(rows, fault, who);
      return own === undefined ? [] : [{ who, ...sumOf(own) }];
    });
    return bars.length === 0 ? [] : [{ fault, bars }];
  });
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(percentOf)));
  const groupHeight = PANEL.heading + Math.max(0, ...groups.map(({ bars }) => bars.length)) * PANEL.row + PANEL.gap;
  const height = PANEL.top + Math.ceil(groups.length / COLUMNS) * groupHeight;
  const body = groups.flatMap(({ fault, bars }, index) => {
    const [x, y] = [(index % COLUMNS) * PANEL.width, PANEL.top + Math.floor(index / COLUMNS) * groupHeight];
    return [`<g transform="translate(${x} ${y})">`, ...group(fault, bars, most), '</g>'];
  });
  return page({ width: WIDTH, height, title: 'Requests that fail when pods die, by fault and way' }, colours, body);
}

function group(fault: FaultName, bars: readonly Bar[], most: number): readonly string[] {
  const x = scale([0, most], [PANEL.left, PANEL.width - PANEL.right]);
  return [
    `<text class="h" x="${PANEL.left}" y="14">${escaped(faults[fault].words)}</text>`,
    ...bars.flatMap((bar, index) => {
      const y = PANEL.heading + index * PANEL.row;
      const width = Math.max(1, Math.round(x(percentOf(bar)) - PANEL.left));
      const text = `${bar.failed} of ${bar.sent} ${ways[bar.who]}`;
      return [
        `<rect class="a-${bar.who}" x="${PANEL.left}" y="${y}" width="${width}" height="13" rx="2" opacity=".5"/>`,
        `<text x="${PANEL.left + 6}" y="${y + 11}">${escaped(text)}</text>`,
      ];
    }),
  ];
}

function percentOf({ sent, failed }: Sum): number {
  return sent === 0 ? 0 : (failed / sent) * 100;
}
