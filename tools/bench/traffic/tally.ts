import { quantile } from '../scale/reaction.ts';
import { methods } from './result.ts';
import type { Method, Row, Run } from './result.ts';

/** What became of one request. */
export interface Outcome {
  readonly method: Method;
  readonly ms: number;
  /** Why it failed; absent: a pod has answered it. */
  readonly failure?: string;
  /** The pod that has answered it. */
  readonly pod?: string;
}

/** A row for each method. */
export function rowsOf(run: Run, outcomes: readonly Outcome[]): readonly Row[] {
  return methods.map((method) => {
    const sent = outcomes.filter((outcome) => outcome.method === method);
    const answeredMs = sent.flatMap(({ ms, failure }) => (failure === undefined ? [ms] : []));
    const at = (part: number): number | null => (answeredMs.length === 0 ? null : tenth(quantile(answeredMs, part)));
    return {
      ...run,
      method,
      sent: sent.length,
      failed: sent.length - answeredMs.length,
      causes: countsOf(sent.flatMap(({ failure }) => failure ?? [])),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
    };
  });
}

/** Why a connection failed: `refused`, `reset`, `timeout`, or the name of the error. */
export function causeOf(error: NodeJS.ErrnoException): string {
  const { code = error.message } = error;
  return names[code] ?? code;
}

/** Why an answer is a failure; undefined: it is none. */
export function failureIn(status: number, pod: unknown): string | undefined {
  if (status !== 200) return String(status);
  return pod === undefined ? 'not from a pod' : undefined;
}

const names: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
};

function countsOf(causes: readonly string[]): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(causes, (cause) => cause)].toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(groups.map(([cause, all]) => [cause, all.length]));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
