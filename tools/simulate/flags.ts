import { InvalidArgumentError, Option } from 'commander';
import { completeSurvive } from '../../operator/api/survive.ts';
import { durationMs } from '../../operator/api/duration.ts';
import { kinds } from './sim/objects.ts';
import type { Kind } from './sim/objects.ts';
import type { Terms } from './sim/terms.ts';
import { durationText, slots } from './slots.ts';

/** What flags say: terms of a cluster under the names of the flags, and for how long it is played. */
type Flags = Omit<Terms, 'startMs' | 'noticeMs' | 'newsMs' | 'roomPerNode' | 'suspectAfterMs' | 'tellsForMs'> & {
  readonly room: number;
  readonly start: number;
  readonly notice?: number;
  readonly news?: Exclude<Terms['newsMs'], undefined>;
  readonly suspectAfter?: number;
  readonly tellsFor?: number;
  readonly for?: number;
};

interface Flag {
  readonly flags: string;
  readonly means: string;
  readonly read: (text: string) => unknown;
  /** What it is when it is not given, and how that is told. */
  readonly usually?: readonly [value: unknown, shown: string];
}

const usual = { room: 40, startMs: 5000 };

const valued: readonly Flag[] = [
  {
    flags: '--nodes <counts>',
    means: 'nodes of each zone; zone-a has zone-a-1, zone-a-2 and so on',
    read: readCounts,
    usually: [[3, 3, 3], '3,3,3'],
  },
  { flags: '--demand <pods>', means: 'ready pods that are asked for', read: readCount, usually: [6, '6'] },
  {
    flags: '--survive <losses>',
    means: 'losses that leave demand served: pods, nodes, zones',
    read: readSurvive,
    usually: [completeSurvive(), 'pods=1'],
  },
  { flags: '--room <pods>', means: 'pods that a node takes', read: readCount, usually: [usual.room, '40'] },
  { flags: '--start <duration>', means: 'until a pod is ready', read: readDuration, usually: [usual.startMs, '5s'] },
  {
    flags: '--seed <number>',
    means: 'another one: other lags, other nodes for pods',
    read: readCount,
    usually: [1, '1'],
  },
  { flags: '--for <duration>', means: 'so long; if not given, until nothing changes any more', read: readDuration },
  { flags: '--slow <share>', means: 'share of news and work that takes 50-500 ms, not 1-30 ms', read: readShare },
  { flags: '--news <lags>', means: 'how much later controllers hear of a kind, as node=30s,pod=450ms', read: readNews },
  { flags: '--when-no-room <what>', means: 'what a drain may do then: Block or Dip', read: readWhenNoRoom },
  { flags: '--ports <ports>', means: "where the Service leads, and the pods' ports, as web=web:8080", read: readPorts },
  { flags: '--notice <duration>', means: "so long pods tolerate a node's notice", read: readDuration },
  {
    flags: '--suspect-after <duration>',
    means: "the operator's flag: it watches Leases, which kubelets then renew",
    read: readDuration,
  },
  {
    flags: '--tells-for <duration>',
    means: 'so long the node controller tells the pods of lost nodes, and calls no other node lost',
    read: readDuration,
  },
];

/** All flags. */
export const flagOptions: readonly Option[] = [
  ...valued.map(({ flags, means, read, usually }) => {
    const option = new Option(flags, means).argParser(read);
    return usually === undefined ? option : option.default(...usually);
  }),
  new Option('--tolerates', 'pods tolerate every taint'),
  new Option('--packs', 'the scheduler fills one node after another'),
];

/** The terms of a cluster, and for how long it is played, as flags say. */
export function termsIn(flags: object): { readonly terms: Terms; readonly forMs: number | undefined } {
  const { room, start, notice, news, suspectAfter, tellsFor, for: forMs, ...others } = flags as Flags;
  const terms = {
    ...others,
    roomPerNode: room,
    startMs: start,
    ...(notice === undefined ? {} : { noticeMs: notice }),
    ...(news === undefined ? {} : { newsMs: news }),
    ...(suspectAfter === undefined ? {} : { suspectAfterMs: suspectAfter }),
    ...(tellsFor === undefined ? {} : { tellsForMs: tellsFor }),
  };
  return { terms, forMs };
}

/** The flags that say these terms. */
export function flagsOf(terms: Terms): readonly string[] {
  const { survive, slow, newsMs, whenNoRoom, ports, noticeMs, suspectAfterMs, tellsForMs, tolerates, packs } = terms;
  const given: readonly (readonly [string, string | undefined])[] = [
    ['--nodes', terms.nodes.join(',')],
    ['--demand', String(terms.demand)],
    ['--survive', pairs(survive, String)],
    ['--room', terms.roomPerNode === usual.room ? undefined : String(terms.roomPerNode)],
    ['--start', terms.startMs === usual.startMs ? undefined : durationText(terms.startMs)],
    ['--slow', slow?.toString()],
    ['--news', newsMs && pairs(newsMs, durationText)],
    ['--when-no-room', whenNoRoom],
    ['--ports', ports && `${ports.target}=${slots.ports.print(ports.of)}`],
    ['--notice', noticeMs === undefined ? undefined : durationText(noticeMs)],
    ['--suspect-after', suspectAfterMs === undefined ? undefined : durationText(suspectAfterMs)],
    ['--tells-for', tellsForMs === undefined ? undefined : durationText(tellsForMs)],
    ['--seed', String(terms.seed)],
  ];
  return [
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(tolerates === true ? ['--tolerates'] : []),
    ...(packs === true ? ['--packs'] : []),
  ];
}

function pairs(values: Readonly<Record<string, number>>, text: (value: number) => string): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${text(value)}`)
    .join(',');
}

function readCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it is a whole number, as 6.');
}

function readCounts(text: string): readonly number[] {
  if (/^\d+(,\d+)*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('it is a number for each zone, as 3,3,3.');
}

function readShare(text: string): number {
  const share = Number(text);
  if (share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('it is a number from 0 to 1, as 0.5.');
}

function readDuration(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('it is a duration, as 5s or 10m.');
}

function readSurvive(text: string): Terms['survive'] {
  const declared = text.split(',').map((pair) => /^(pods|nodes|zones)=(\d+)$/.exec(pair) ?? []);
  if (declared.every(([pair]) => pair !== undefined)) {
    return completeSurvive({}, Object.fromEntries(declared.map(([, what, many]) => [what, Number(many)])));
  }
  throw new InvalidArgumentError('it is what may be lost, as zones=1 or pods=2,nodes=1.');
}

function readNews(text: string): Terms['newsMs'] {
  const lags = text.split(',').map((pair) => {
    const [kind = '', lag = ''] = pair.split('=');
    return [kind, durationMs(lag)] as const;
  });
  if (lags.every(([kind, ms]) => kinds.includes(kind as Kind) && ms !== undefined)) return Object.fromEntries(lags);
  throw new InvalidArgumentError(`it is a duration a kind, as node=30s; kinds are ${kinds.join(', ')}.`);
}

function readWhenNoRoom(text: string): Terms['whenNoRoom'] {
  if (text === 'Block' || text === 'Dip') return text;
  throw new InvalidArgumentError('it is Block or Dip.');
}

function readPorts(text: string): Terms['ports'] {
  const [target, of] = text.split('=');
  if (target !== undefined && of !== undefined) return { target: slots.target.read(target), of: slots.ports.read(of) };
  throw new InvalidArgumentError('it is a target and ports, as web=web:8080.');
}
