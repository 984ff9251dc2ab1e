/** A picture and how long it is to be shown. */
export interface Shot {
  readonly text: string;
  readonly forMs: number;
}

/** How a recording is to be played. */
export interface Pace {
  /** All but the last picture together take no longer than this. */
  readonly playMs: number;
  /** The last picture stays for this long. */
  readonly lastMs: number;
}

/** Pictures that differ in their first line only, which has the clock. */
interface Stretch {
  readonly key: string;
  readonly texts: string[];
  readonly fromMs: number;
}

/** A pause that is longer than about this is shortened. */
const PAUSE_MS = 500;
/** While only the clock changes, it is shown at this interval. */
const TICK_MS = 200;
/** A picture that would be shown for a shorter time than this is left out. */
const LEAST_MS = 80;

/** Records the pictures of a live screen, to play them in less time. */
export class Recording {
  readonly #stretches: Stretch[] = [];

  /** Takes a picture at a moment of the monotonic clock. */
  add(text: string, atMs: number): void {
    const key = text.slice(text.indexOf('\n'));
    const last = this.#stretches.at(-1);
    if (last?.key !== key) this.#stretches.push({ key, texts: [text], fromMs: atMs });
    else if (last.texts.at(-1) !== text) last.texts.push(text);
  }

  /** What is to be shown one after another: long pauses count by the logarithm of their length, so that short ones can still be seen. */
  shots({ playMs, lastMs }: Pace): readonly Shot[] {
    const last = this.#stretches.at(-1);
    if (last === undefined) return [];
    const before = this.#stretches.slice(0, -1).map((stretch, index) => {
      const untilMs = this.#stretches[index + 1]?.fromMs ?? stretch.fromMs;
      return { ...stretch, forMs: shortened(untilMs - stretch.fromMs) };
    });
    const total = before.reduce((sum, { forMs }) => sum + forMs, 0);
    const factor = Math.min(1, playMs / Math.max(1, total));
    const shots: Shot[] = [];
    let owedMs = 0;
    for (const { texts, forMs } of before) {
      owedMs += forMs * factor;
      if (owedMs < LEAST_MS) continue;
      shots.push(...spread(texts, owedMs));
      owedMs = 0;
    }
    return [...shots, { text: last.texts.at(-1) ?? '', forMs: lastMs }];
  }
}

function shortened(ms: number): number {
  return Math.min(ms, PAUSE_MS * Math.log2(1 + ms / PAUSE_MS));
}

function spread(texts: readonly string[], forMs: number): readonly Shot[] {
  const count = Math.min(texts.length, Math.max(1, Math.floor(forMs / TICK_MS)));
  return Array.from({ length: count }, (_, index) => ({
    text: texts[Math.floor((index * texts.length) / count)] ?? '',
    forMs: forMs / count,
  }));
}
