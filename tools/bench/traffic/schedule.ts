import type { Method } from './result.ts';

/** Clients that keep a connection each. It has no factor in common with 3 and 5, so each sends requests of both methods. */
export const CLIENTS = 41;

/** One request of the schedule. */
export interface Planned {
  /** From the first request on. */
  readonly atMs: number;
  readonly method: Method;
  /** The client on whose connection it goes; undefined: on a connection of its own. */
  readonly client: number | undefined;
}

export interface Pace {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** All requests of a run: a fifth POSTs, a third on connections of their own. */
export function scheduleOf({ rate, seconds }: Pace): readonly Planned[] {
  return Array.from({ length: Math.round(rate * seconds) }, (_, index) => ({
    atMs: (index * 1000) / rate,
    method: index % 5 === 4 ? 'POST' : 'GET',
    client: index % 3 === 2 ? undefined : index % CLIENTS,
  }));
}

/** The request with which the fault begins: a third of all are sent before. */
export function strikeAt(requests: number): number {
  return Math.floor(requests / 3);
}
