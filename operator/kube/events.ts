import { backoffMs } from '../engine/backoff.ts';
import type { Clock, Timer } from '../engine/clock.ts';
import type { Client } from './client.ts';
import { isCode, verdict } from './errors.ts';
import { microTime } from './microTime.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { apiVersionOf, events } from '../api/kubernetes/resource.ts';

/** The object an event is about. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

/** The API server takes no longer note. */
export const NOTE_BYTES = 1024;

export interface EventNote {
  readonly regarding: Regarding;
  readonly related?: Regarding;
  readonly type: 'Normal' | 'Warning';
  /** Why, in one word for machines: `ZoneGrown`. */
  readonly reason: string;
  /** What was done, in one word: `Grow`. */
  readonly action: string;
  /** For people; cut at `NOTE_BYTES`. */
  readonly note: string;
}

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  /** `kitchen.dev/operator`. */
  readonly controller: string;
  /** Which process: the pod's name. */
  readonly instance: string;
  /** Called when an event could not be written, or was dropped. */
  readonly onError: (error: unknown) => void;
  /** How many different events are remembered at most, 1000 by default; the one noted longest ago is dropped first. */
  readonly limit?: number;
}

export interface EventRecorder {
  /** Returns at once and never throws: the event is written in the background. */
  record(note: EventNote): void;
  /** Writes what is still unwritten, for this long at most, and ends. */
  close(withinMs: number): Promise<void>;
}

/** An event that was noted once or repeatedly. */
interface Series {
  readonly note: EventNote;
  readonly firstSeen: string;
  /** The event's name on the server; undefined until it was made. */
  name: string | undefined;
  count: number;
  lastSeen: string;
  lastNotedMs: number;
  writtenCount: number;
  failures: number;
  timer: Timer | undefined;
}

/** A repeat within this time belongs to the series, as in client-go; after it a new event begins. */
const seriesMs = 6 * 60_000;
/** The count of a series that goes on is written this often. */
const patchEveryMs = 60_000;
const retry = { baseMs: 2_000, maxMs: 60_000 };
const mostFailures = 8;

/** Writes events (events.k8s.io/v1). A repeated event raises the count of the one that is there. */
export function recordEvents(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #due = new Set<Series>();
  readonly #closing = new AbortController();
  #closed = false;
  #writing: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(note: EventNote): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const key = JSON.stringify([note.regarding, note.type, note.reason, note.action, note.note]);
    const nowMs = clock.monotonicMs();
    const now = microTime(clock.now());
    const known = this.#series.get(key);
    this.#series.delete(key);
    if (known === undefined || nowMs - known.lastNotedMs > seriesMs) {
      this.#drop(known);
      const series = begin(note, now, nowMs);
      this.#series.set(key, series);
      this.#limit();
      this.#write(series);
      return;
    }
    this.#series.set(key, known);
    Object.assign(known, { count: known.count + 1, lastSeen: now, lastNotedMs: nowMs });
    // The first repeat is written at once, later ones together.
    if (known.count === 2 && known.timer === undefined) this.#write(known);
    else this.#writeLater(known, patchEveryMs);
  }

  async close(withinMs: number): Promise<void> {
    this.#closed = true;
    for (const series of this.#series.values()) {
      series.timer?.cancel();
      if (series.writtenCount < series.count) this.#due.add(series);
    }
    this.#series.clear();
    this.#pump();
    const late = this.#options.clock.setTimer(withinMs, () => this.#closing.abort());
    await this.#writing;
    late.cancel();
    this.#closing.abort();
  }

  #limit(): void {
    for (const [key, oldest] of this.#series) {
      if (this.#series.size <= (this.#options.limit ?? 1_000)) return;
      this.#series.delete(key);
      this.#drop(oldest);
    }
  }

  #drop(series: Series | undefined): void {
    if (series === undefined) return;
    series.timer?.cancel();
    series.timer = undefined;
    if (!this.#due.delete(series) || series.name !== undefined) return;
    this.#options.onError(new Error(`event ${series.note.reason} was dropped: too many wait to be written`));
  }

  #writeLater(series: Series, afterMs: number): void {
    if (this.#closed || series.timer !== undefined || this.#due.has(series)) return;
    series.timer = this.#options.clock.setTimer(afterMs, () => {
      series.timer = undefined;
      this.#write(series);
    });
  }

  #write(series: Series): void {
    this.#due.add(series);
    this.#pump();
  }

  /** One write at a time: events must not compete with the work they tell about. */
  #pump(): void {
    this.#writing ??= this.#writeDue().finally(() => {
      this.#writing = undefined;
      // A series may have become due after the loop in `#writeDue` ended.
      if (this.#due.size > 0 && !this.#closing.signal.aborted) this.#pump();
    });
  }

  async #writeDue(): Promise<void> {
    for (const series of this.#due) {
      if (this.#closing.signal.aborted) return;
      this.#due.delete(series);
      const { count } = series;
      // It became due again while its last write was on its way.
      if (count === series.writtenCount) continue;
      try {
        await this.#send(series);
        Object.assign(series, { writtenCount: count, failures: 0 });
      } catch (error) {
        this.#failed(series, error);
      }
    }
  }

  #failed(series: Series, error: unknown): void {
    this.#options.onError(error);
    series.failures++;
    const judged = verdict(error);
    if (judged.kind === 'refused' || series.failures > mostFailures) return;
    const askedMs = judged.kind === 'trouble' ? (judged.retryAfterMs ?? 0) : 0;
    this.#writeLater(series, Math.max(askedMs, backoffMs(series.failures, { ...retry, random: this.#options.random })));
  }

  async #send(series: Series): Promise<void> {
    const { client } = this.#options;
    const { name, note } = series;
    const namespace = note.regarding.namespace ?? 'default';
    const options = { timeoutMs: 10_000, signal: this.#closing.signal };
    if (name !== undefined) {
      const patch = { series: { count: series.count, lastObservedTime: series.lastSeen } };
      try {
        await client.patch({ resource: events, namespace, name }, patch, { ...options, type: 'merge' });
        return;
      } catch (error) {
        // The server deletes events after an hour: then the series begins a new one.
        if (!isCode(error, 'notFound')) throw error;
      }
    }
    const made = await client.create({ resource: events, namespace }, this.#event(series), options);
    series.name = made.metadata.name;
  }

  #event({ note, count, firstSeen, lastSeen }: Series): KubeObject & Record<string, unknown> {
    const { regarding, related } = note;
    return {
      apiVersion: apiVersionOf(events),
      kind: events.kind,
      metadata: { generateName: `${regarding.name}-`, namespace: regarding.namespace ?? 'default' },
      eventTime: firstSeen,
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
      type: note.type,
      reason: note.reason,
      action: note.action,
      note: cutAt(note.note, NOTE_BYTES),
      regarding,
      ...(related === undefined ? {} : { related }),
      ...(count < 2 ? {} : { series: { count, lastObservedTime: lastSeen } }),
    };
  }
}

function begin(note: EventNote, now: string, nowMs: number): Series {
  return {
    note,
    firstSeen: now,
    name: undefined,
    count: 1,
    lastSeen: now,
    lastNotedMs: nowMs,
    writtenCount: 0,
    failures: 0,
    timer: undefined,
  };
}

/** Cuts a text to this many bytes of UTF-8, between two characters. */
function cutAt(text: string, bytes: number): string {
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= bytes) return text;
  return `${encoded
    .subarray(0, bytes - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`;
}
