import { styleText } from 'node:util';
import type { Station } from '../../operator/api/station.ts';
import { columns } from '../../operator/cli/columns.ts';
import { isAlive, isReady, reallyRunning, zoneOf } from '../cluster/nodes.ts';
import type { NodeObject } from '../cluster/nodes.ts';
import { serviceOf } from './look.ts';
import type { DemoPod, Look } from './look.ts';

type Style = 'red' | 'yellow' | 'green' | 'magenta' | 'blue';

const stationStyles: readonly Style[] = ['red', 'yellow', 'green', 'magenta', 'blue'];

/** The cluster as one screen: stations, zones and nodes with their pods, and the newest decisions. */
export function picture(seen: Look, title: string): string {
  return [
    styleText('bold', title),
    '',
    ...stationRows(seen),
    '',
    ...grid(seen),
    legend(seen),
    '',
    styleText('bold', 'Decisions'),
    ...decisions(seen.stations, 6).map((line) => `  ${line}`),
  ].join('\n');
}

/** The newest decisions of all stations, newest last: time, station, what and why. */
export function decisions(stations: readonly Station[], most: number): readonly string[] {
  return stations
    .flatMap((station) =>
      (station.status?.decisions ?? []).map((decision) => ({ ...decision, of: station.spec.station })),
    )
    .toSorted((a, b) => (a.time < b.time ? -1 : 1))
    .slice(-most)
    .map(({ time, of, what, why }) => `${time.slice(11, 19)}  ${of.padEnd(6)} ${what}: ${why}`);
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
  return columns([['STATION', 'DEMAND', 'TARGET', 'READY', 'SURVIVES'], ...rows]);
}

function grid({ nodes, pods }: Look): readonly string[] {
  const services = servicesOf(pods);
  const zones = [...new Set(nodes.map(zoneOf))].toSorted();
  const cells = zones.map((zone) => {
    const inZone = nodes.filter((node) => zoneOf(node) === zone);
    return [styleText('bold', zone), ...inZone.map((node) => nodeCell(node, { pods, nodes, services }))];
  });
  const height = Math.max(0, ...cells.map((cell) => cell.length));
  return columns(
    Array.from({ length: height }, (_, row) => cells.map((cell) => cell[row] ?? '')),
    34,
  );
}

interface Cast {
  readonly pods: readonly DemoPod[];
  readonly nodes: readonly NodeObject[];
  readonly services: readonly string[];
}

function nodeCell(node: NodeObject, cast: Cast): string {
  const { name } = node.metadata;
  const here = cast.pods
    .filter((pod) => pod.spec.nodeName === name)
    .toSorted((a, b) => (serviceOf(a) < serviceOf(b) ? -1 : 1));
  const glyphs = here.map((pod) => glyph(pod, cast)).join(' ');
  return `${nodeName(node)} ${glyphs}`;
}

function nodeName(node: NodeObject): string {
  const { name } = node.metadata;
  if (!isAlive(node)) return styleText(['red', 'strikethrough'], name);
  if (node.spec?.unschedulable === true) return styleText('yellow', `${name}⤓`);
  return isReady(node) ? name : styleText('red', name);
}

/** A capital for a pod that runs, a small letter for one that starts or ends, `×` for one that died with its node. */
function glyph(pod: DemoPod, { nodes, services }: Cast): string {
  const letter = serviceOf(pod).charAt(0);
  const style = stationStyles[services.indexOf(serviceOf(pod)) % stationStyles.length] ?? 'blue';
  if (reallyRunning([pod], nodes).length === 1) return styleText(['bold', style], letter.toUpperCase());
  const dead = nodes.some((node) => node.metadata.name === pod.spec.nodeName && !isAlive(node));
  return dead ? styleText('red', '×') : styleText('dim', letter);
}

function legend({ pods }: Look): string {
  const services = servicesOf(pods);
  const names = services.map((service, index) =>
    styleText(stationStyles[index % stationStyles.length] ?? 'blue', `${service.charAt(0).toUpperCase()} ${service}`),
  );
  return styleText('dim', `${names.join('  ')}  small: starts or ends  ×: died with its node  ⤓: being drained`);
}

function servicesOf(pods: readonly DemoPod[]): readonly string[] {
  return [...new Set(pods.map(serviceOf))].toSorted();
}
