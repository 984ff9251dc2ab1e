/*
 * Least survives: makes one text of the least that any station survives, out of the texts of the stations.
 *
 * A text that is short of demand comes before one with a lost zone, and that before all others. Then the least zones
 * and the least nodes of any station count. Pods are named only where no zone and no node may go.
 *
 * Example: `1 zone, 2 nodes` and `1 node` make `1 node`.
 */

interface Survived {
  readonly short: number;
  readonly zones: number;
  readonly nodes: number;
  /** Infinity where the text names zones or nodes instead. */
  readonly pods: number;
  /** Such as `zone-b is down`. */
  readonly down: string | undefined;
}

/** The text for all stations together; undefined for none. */
export function leastSurvives(texts: readonly string[]): string | undefined {
  const [first, ...rest] = texts;
  if (first === undefined || rest.every((text) => text === first)) return first;
  const all = texts.map(read);
  const short = Math.max(...all.map((each) => each.short));
  if (short > 0) return `none, ${short} short`;
  const zones = Math.min(...all.map((each) => each.zones));
  const nodes = Math.min(...all.map((each) => each.nodes));
  const down = all.find((each) => each.down !== undefined)?.down;
  if (down !== undefined)
    return [`${zones} more zone${zones === 1 ? '' : 's'}`, ...some(nodes, 'node'), down].join(', ');
  const places = [...some(zones, 'zone'), ...some(nodes, 'node')];
  if (places.length > 0) return places.join(', ');
  const pods = Math.min(...all.map((each) => each.pods));
  return Number.isFinite(pods) ? (some(pods, 'pod')[0] ?? 'none') : '1 pod';
}

function read(text: string): Survived {
  const zones = numberBefore(text, / (?:more )?zones?\b/);
  const nodes = numberBefore(text, / nodes?\b/);
  const pods = text.startsWith('none') ? 0 : numberBefore(text, / pods?\b/);
  return {
    short: numberBefore(text, / short\b/),
    zones,
    nodes,
    pods: zones + nodes > 0 ? Infinity : pods,
    down: /^\d+ more zones?(?:, \d+ nodes?)?, (.+)$/.exec(text)?.[1],
  };
}

function numberBefore(text: string, what: RegExp): number {
  return Number(new RegExp(`(\\d+)${what.source}`).exec(text)?.[1] ?? 0);
}

function some(many: number, thing: string): readonly string[] {
  return many === 0 ? [] : [`${many} ${thing}${many === 1 ? '' : 's'}`];
}
