import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { columns } from '../../operator/cli/columns.ts';
import { isAlive, isReady, reallyRunning, zoneOf } from '../cluster/nodes.ts';
import type { NodeObject } from '../cluster/nodes.ts';
import { serviceOf } from './look.ts';
import type { DemoPod, Look } from './look.ts';

type Style = 'red' | 'yellow' | 'green' | 'magenta' | 'blue';

const stationStyles: readonly Style[] = ['green', 'yellow', 'magenta', 'blue'];

const IN_FULL = 'small: starts or ends  ⤓ being drained  ✗ dead node  × its pods';
const IN_SHORT = 'small: changing  ⤓ drain  ✗ dead  × its pods';

/** One column for each zone, one line for each node, one letter for each pod; then what the letters mean. */
export function grid({ nodes, pods }: Look, width: number): readonly string[] {
  const services = servicesOf(pods);
  const zones = [...new Set(nodes.map(zoneOf))].toSorted();
  const cells = zones.map((zone) => {
    const inZone = nodes.filter((node) => zoneOf(node) === zone);
    return [styleText('bold', zone), ...inZone.map((node) => nodeCell(node, { pods, nodes, services }))];
  });
  const height = Math.max(0, ...cells.map((cell) => cell.length));
  const room = Math.floor((width - 2) / Math.max(1, zones.length)) - 2;
  const rows = Array.from({ length: height }, (_, row) => cells.map((cell) => cell[row] ?? ''));
  return [...columns(rows, Math.min(34, room)), ...legend(services, width)];
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
    .toSorted((a, b) => serviceOf(a).localeCompare(serviceOf(b), 'en'));
  return `${nodeName(node)} ${here.map((pod) => glyph(pod, cast)).join(' ')}`;
}

function nodeName(node: NodeObject): string {
  const { name } = node.metadata;
  if (!isAlive(node)) return styleText('red', `${name}✗`);
  if (node.spec?.unschedulable === true) return styleText('yellow', `${name}⤓`);
  return isReady(node) ? `${name} ` : styleText('red', `${name} `);
}

/** A capital for a pod that runs, a small letter for one that starts or ends, `×` for one that died with its node. */
function glyph(pod: DemoPod, { nodes, services }: Cast): string {
  const letter = serviceOf(pod).charAt(0);
  if (reallyRunning([pod], nodes).length === 1)
    return styleText(['bold', styleOf(serviceOf(pod), services)], letter.toUpperCase());
  const isDead = nodes.some((node) => node.metadata.name === pod.spec.nodeName && !isAlive(node));
  return isDead ? styleText('red', '×') : styleText('dim', letter);
}

/** The legend, in full if there is room. */
function legend(services: readonly string[], width: number): readonly string[] {
  const names = services
    .map((service) => styleText(styleOf(service, services), `${service.charAt(0).toUpperCase()} ${service}`))
    .join('  ');
  const room = width - stringWidth(names) - 4;
  const signs = IN_FULL.length <= room ? IN_FULL : IN_SHORT;
  return [`  ${names}  ${styleText('dim', signs)}`];
}

function styleOf(service: string, services: readonly string[]): Style {
  return stationStyles[services.indexOf(service) % stationStyles.length] ?? 'blue';
}

function servicesOf(pods: readonly DemoPod[]): readonly string[] {
  return [...new Set(pods.map(serviceOf))].toSorted();
}
