import { keyOf } from '../api/kubernetes/key.ts';
import { styleText } from 'node:util';
import { isGoodNews } from '../api/conditions.ts';
import type { Condition } from '../api/conditions.ts';
import type { Station, StationStatus } from '../api/station.ts';
import { showZone } from '../api/zone.ts';
import type { ZoneName } from '../api/zone.ts';
import { columns } from './columns.ts';

/** Why a station is in its present state: its conditions, what it waits for, and what was decided lately. */
export function whyText(station: Station): string {
  const { metadata, spec, status = {} } = station;
  const title = styleText('bold', `Station ${keyOf(metadata)}`);
  if (status.demand === undefined) {
    return `${title} has not been looked at yet: is the operator running, and does it watch this namespace?`;
  }
  return [
    `${title}: demand ${status.demand}, target ${status.target ?? '-'}, ready ${status.ready ?? 0}, survives ${status.survives ?? '-'}`,
    ...stale(station),
    ...(spec.paused ? [styleText('yellow', '  paused: the operator says what it would do, and does nothing')] : []),
    ...section('Conditions', columns((status.conditions ?? []).map(conditionRow))),
    ...section('Zones', zoneLines(status)),
    ...section(
      'Waiting for',
      (status.waiting ?? []).map((line) => `  ${line}`),
    ),
    ...section(
      'Decided, newest first',
      columns((status.decisions ?? []).map((each) => [each.time, each.id, `${each.what}: ${each.why}`])),
    ),
    ...section('Load', loadLines(status)),
    ...section('Price', priceRows(status)),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', styleText('bold', title), ...lines];
}

function stale({ metadata, status }: Station): readonly string[] {
  const seen = status?.observedGeneration ?? 0;
  if (metadata.generation === undefined || seen >= metadata.generation) return [];
  return [styleText('yellow', `  what follows is about generation ${seen}; the newest is ${metadata.generation}`)];
}

/** `Progressing` is neither good nor bad. */
function conditionRow(condition: Condition): readonly string[] {
  const { type, status, reason, message } = condition;
  const mark = type === 'Progressing' ? '•' : isGoodNews(condition) ? styleText('green', '✓') : styleText('red', '✗');
  return [mark, type, status, reason, message];
}

function zoneLines({ zones = [] }: StationStatus): readonly string[] {
  if (zones.length === 0) return [];
  const rows = zones.map(({ name, state, target, ready }) => [
    showZone(name as ZoneName),
    state,
    String(target),
    String(ready),
  ]);
  return columns([['ZONE', 'STATE', 'TARGET', 'READY'], ...rows]);
}

function loadLines({ load }: StationStatus): readonly string[] {
  if (load === undefined) return [];
  const rows = load.metrics.map(({ name, total, target, age }) => [name, total, target, age]);
  return columns([['METRIC', 'TOTAL', 'EACH POD', 'AGE'], ...rows]);
}

function priceRows({ price }: StationStatus): readonly string[] {
  if (price === undefined) return [];
  return [`  ${price.pods} pods beyond demand ask for ${price.cpu} CPU and ${price.memory} memory`];
}
