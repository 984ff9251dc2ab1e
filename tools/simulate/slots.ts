import { durationMs } from '../../operator/api/duration.ts';
import { faults } from './sim/images.ts';
import type { ContainerPort } from './sim/endpoints.ts';
import { watched } from './sim/feed.ts';

/** One thing that the words of an event leave open: which text it may be, and what that means. */
export interface Slot {
  /** A regular expression without groups. */
  readonly pattern: string;
  readonly read: (text: string) => unknown;
  readonly print: (value: unknown) => string;
  /** What to write there. */
  readonly means: string;
}

/** The slots by their names. */
export const slots = {
  node: word(String.raw`[a-z][a-z0-9-]*-\d+`, 'a node, as zone-a-1'),
  zone: word('[a-z](?:[a-z0-9-]*[a-z])?', 'a zone, as zone-a'),
  name: word(String.raw`\S+`, 'a name'),
  count: { pattern: String.raw`\d+`, read: Number, print: String, means: 'a number, as 3' },
  most: {
    pattern: String.raw`\d+|none`,
    read: (text) => (text === 'none' ? Number.POSITIVE_INFINITY : Number(text)),
    print: (value) => (value === Number.POSITIVE_INFINITY ? 'none' : String(value)),
    means: 'a number, or none for no limit',
  },
  duration: {
    pattern: String.raw`\d+(?:\.\d+)?(?:ms|s|m|h)`,
    read: durationMs,
    print: (value) => durationText(Number(value)),
    means: 'a duration, as 90s or 5m',
  },
  fault: word(faults.join('|'), faults.join(', ')),
  kind: word(watched.join('|'), watched.join(', ')),
  label: word('template|zone', 'template or zone'),
  zones: {
    pattern: String.raw`\S+`,
    read: (text) => text.split(','),
    print: (value) => (value as readonly string[]).join(','),
    means: 'zones, as zone-a,zone-b',
  },
  target: {
    pattern: String.raw`\S+`,
    read: (text) => (/^\d+$/.test(text) ? Number(text) : text),
    print: String,
    means: 'a port by its number or name',
  },
  ports: {
    pattern: String.raw`\S+`,
    read: portsIn,
    print: (value) => portsText(value as readonly ContainerPort[]),
    means: 'ports of a container, as web:8080,9090, or nothing',
  },
} as const satisfies Readonly<Record<string, Slot>>;

export type SlotName = keyof typeof slots;

/** `90s`, `5m` or, where seconds do not do, `1500ms`. */
export function durationText(ms: number): string {
  if (ms % 1000 !== 0) return `${ms}ms`;
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000}m` : `${ms / 1000}s`;
}

function word(pattern: string, means: string): Slot {
  return { pattern, read: (text) => text, print: String, means };
}

function portsIn(text: string): readonly ContainerPort[] {
  if (text === 'nothing') return [];
  return text.split(',').map((each) => {
    const [number = '', name] = each.split(':').toReversed();
    return { ...(name === undefined ? {} : { name }), containerPort: Number(number) };
  });
}

function portsText(ports: readonly ContainerPort[]): string {
  if (ports.length === 0) return 'nothing';
  return ports
    .map(({ name, containerPort }) => [name, containerPort].filter((part) => part !== undefined).join(':'))
    .join(',');
}
