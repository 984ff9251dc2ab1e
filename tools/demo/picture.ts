import { styleText } from 'node:util';
import { columns } from '../../operator/cli/columns.ts';
import { clip } from './clip.ts';
import { countRows } from './counts.ts';
import { decisions } from './decisions.ts';
import { grid } from './grid.ts';
import type { Look } from './look.ts';
import type { Scene } from './scene.ts';

/** The number of columns and lines. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

const MOST_DECISIONS = 8;

/**
 * The cluster as one screen: what is going on, what really runs, stations, zones and nodes with their pods, and as many
 * of the newest decisions as there is room for. Only the first line changes when nothing but time goes by.
 */
export function picture(seen: Look, scene: Scene, { width, height }: Room): string {
  const counts = countRows(scene.counts);
  const above = [
    `${styleText(['bold', 'cyan'], scene.title)}  ${styleText('bold', clock(scene.elapsedMs))}`,
    styleText('dim', scene.story),
    '',
    ...counts,
    ...(counts.length === 0 ? [] : ['']),
    ...stationRows(seen),
    '',
    ...grid(seen, width),
    '',
    styleText('bold', 'Decisions of the operator, newest last'),
  ];
  const room = Math.min(MOST_DECISIONS, Math.max(1, height - above.length));
  const newest = decisions(seen.stations, room).map((line) => `  ${line}`);
  return [...above, ...newest].map((line) => clip(line, width)).join('\n');
}

/** `0:07`, `2:30`. */
function clock(ms: number): string {
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function stationRows({ stations }: Look): readonly string[] {
  const rows = stations.map(({ spec, status }) => {
    const ready = status?.ready ?? 0;
    return [
      spec.station,
      String(status?.demand ?? spec.replicas),
      String(status?.target ?? '-'),
      styleText(ready >= spec.replicas ? 'green' : 'red', String(ready)),
      status?.survives ?? '-',
    ];
  });
  return columns([['STATION', 'DEMAND', 'TARGET', 'READY', 'SURVIVES THE LOSS OF'], ...rows]);
}
