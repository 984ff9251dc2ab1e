/** A pod of the benchmark answers two requests at once, in 60 ms: 33 a second, and a zone of six pods 200. */
export const ANSWER_MS = 60;
export const WORKERS = 2;

/** Zones with hubs and pods. */
export const zones = ['zone-a', 'zone-b', 'zone-c'] as const;
export type Zone = (typeof zones)[number];

type Rates = Readonly<Record<Zone, number>>;

/** How much is asked for where, and what happens. */
export interface LoadCase {
  readonly words: string;
  readonly seconds: number;
  /** From then on it is counted how long requests take and where they go. */
  readonly countFromS: number;
  /** Requests a second that come up in each zone. */
  readonly ratesAt: (atS: number) => Rates;
  readonly act?: { readonly atS: number; readonly what: 'HalfOfPodsGone' | 'Slow' };
  /** What it costs to be served in a zone, in milliseconds; absent: 5 between zones. */
  readonly prices?: Rates;
}

/** Everything happens in zone-a, after so long. */
const AT_S = 8;
/** The loop learns from what happens; so much later it is counted. */
const SECONDS = 40;
const COUNT_FROM_S = 20;

const usual = { seconds: SECONDS, countFromS: COUNT_FROM_S };
const even = (each: number): Rates => ({ 'zone-a': each, 'zone-b': each, 'zone-c': each });

export const cases = {
  calm: { ...usual, words: 'calm: 100/s in each zone', ratesAt: () => even(100) },
  rush: {
    ...usual,
    words: 'one zone asks for 150 % of what its pods can do',
    ratesAt: (atS) => ({ 'zone-a': atS < AT_S ? 120 : 300, 'zone-b': 80, 'zone-c': 80 }),
  },
  half: {
    ...usual,
    words: 'half of a zone’s pods are gone',
    ratesAt: () => even(130),
    act: { atS: AT_S, what: 'HalfOfPodsGone' },
  },
  slow: {
    ...usual,
    words: 'one zone is 2.5 times as slow',
    ratesAt: () => even(130),
    act: { atS: AT_S, what: 'Slow' },
  },
  prices: {
    ...usual,
    words: 'prices alone: zone-a 0, zone-b 10, zone-c 40',
    ratesAt: () => even(60),
    prices: { 'zone-a': 0, 'zone-b': 10, 'zone-c': 40 },
  },
  moving: {
    words: 'the load moves from zone to zone each 30 s',
    seconds: 100,
    countFromS: 10,
    ratesAt: (atS) => {
      const hot = zones[Math.floor(Math.max(0, atS - 10) / 30) % zones.length] ?? 'zone-a';
      return { ...even(60), [hot]: 280 };
    },
  },
} as const satisfies Readonly<Record<string, LoadCase>>;

export type CaseName = keyof typeof cases;

export const caseNames = Object.keys(cases) as readonly CaseName[];
