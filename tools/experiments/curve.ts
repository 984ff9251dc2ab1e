/** How many pods ran from a moment on, in ms since the experiment began. */
export interface Step {
  readonly atMs: number;
  readonly pods: number;
}

/** What an experiment did to a service. */
export interface CurveFigures {
  readonly least: number;
  /** Time with fewer pods than promised. */
  readonly shortMs: number;
  /** From the beginning to the last moment it had less than its full number; undefined while that lasts. */
  readonly wholeAfterMs: number | undefined;
}

/** The pods of one service over time. */
export class Curve {
  /** What was promised. */
  readonly demand: number;
  /** What it has when nothing is the matter. */
  full: number;
  readonly #steps: Step[] = [];
  #lastMs = 0;
  #wholeSinceMs: number | undefined;
  #shortMs = 0;

  constructor(demand: number, full: number) {
    this.demand = demand;
    this.full = full;
  }

  /** Takes one count; each stands for the time since the one before it. */
  count(pods: number, atMs: number): void {
    if (pods < this.demand) this.#shortMs += atMs - this.#lastMs;
    if (this.#steps.at(-1)?.pods !== pods) this.#steps.push({ atMs: Math.round(atMs), pods });
    this.#wholeSinceMs = pods >= this.full ? (this.#wholeSinceMs ?? (this.#shortFrom() ? atMs : 0)) : undefined;
    this.#lastMs = atMs;
  }

  /** Whole for at least this long. */
  isSteady(forMs: number): boolean {
    return this.#wholeSinceMs !== undefined && this.#lastMs - this.#wholeSinceMs >= forMs;
  }

  /** Where the count changed, and the end. */
  steps(): readonly Step[] {
    return [...this.#steps, { atMs: Math.round(this.#lastMs), pods: this.#steps.at(-1)?.pods ?? 0 }];
  }

  figures(): CurveFigures {
    return {
      least: Math.min(...this.#steps.map(({ pods }) => pods)),
      shortMs: Math.round(this.#shortMs),
      wholeAfterMs: this.#wholeSinceMs === undefined ? undefined : Math.round(this.#wholeSinceMs),
    };
  }

  #shortFrom(): boolean {
    return this.#steps.some(({ pods }) => pods < this.full);
  }
}
