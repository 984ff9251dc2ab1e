/** How long the requests to one zone took of late. */
export interface WaitSamples {
  /** At most five, the newest last. Each has enough to tell. */
  readonly closed: readonly WaitSample[];
  /** The one that has too few answers yet. */
  readonly open: WaitSample;
  /** The time since the last was closed, in seconds. */
  readonly ageS: number;
}

/** Figures of some turns, added up. */
interface WaitSample {
  /** Requests a second that were done, of each turn. */
  readonly done: number;
  /** Requests under way, of each turn. */
  readonly inFlight: number;
  readonly answers: number;
}

/** Fewer answers say nothing about how long they take. */
export const ANSWERS_LEAST = 20;
/** What is under way is counted once a turn. Fewer are chance: at 6 requests a second 8 % went elsewhere by it. */
const COUNTED_LEAST = 5;
/** So many answers with so little under way are quick ones. */
const ANSWERS_MANY = 200;
/** A line that is sent elsewhere is gone after two or three samples. What lasts longer is how the zone is. */
const SAMPLES_MOST = 5;
/** A zone of which there is no new sample for so long may be another by now. */
const OLD_S = 60;

const nothing: WaitSample = { done: 0, inFlight: 0, answers: 0 };

export const noSamples: WaitSamples = { closed: [], open: nothing, ageS: 0 };

/** The samples with one turn more: requests a second that were done, and requests under way. */
export function withTurn(
  before: WaitSamples,
  { done, inFlight }: Omit<WaitSample, 'answers'>,
  dtS: number,
): WaitSamples {
  const open = {
    done: before.open.done + done,
    inFlight: before.open.inFlight + inFlight,
    answers: before.open.answers + done * dtS,
  };
  if (tells(open)) {
    return { closed: [...before.closed, open].slice(-SAMPLES_MOST), open: nothing, ageS: 0 };
  }
  return { ...before, open, ageS: before.ageS + dtS };
}

/** Whether a sample has enough to tell how long requests take. */
function tells({ answers, inFlight }: WaitSample): boolean {
  return answers >= ANSWERS_LEAST && (inFlight >= COUNTED_LEAST || answers >= ANSWERS_MANY);
}

/** The least wait of all samples, in seconds; undefined: there are too few. `isOld`: none was added for a minute. */
export function leastWaitOf({ closed, ageS }: WaitSamples = noSamples): {
  readonly least: number | undefined;
  readonly isOld: boolean;
} {
  if (closed.length < SAMPLES_MOST) return { least: undefined, isOld: false };
  return { least: Math.min(...closed.map(({ inFlight, done }) => inFlight / done)), isOld: ageS >= OLD_S };
}

/**
 * The wait of all samples together, in seconds: what is under way is counted at one moment of each turn, and so is noisy. One
 * request more, since none at five moments does not mean that requests take no time. Undefined: there is no sample.
 */
export function meanWaitOf({ closed }: WaitSamples): number | undefined {
  const sum = (pick: (sample: WaitSample) => number): number => closed.reduce((all, sample) => all + pick(sample), 0);
  return closed.length === 0 ? undefined : (sum(({ inFlight }) => inFlight) + 1) / sum(({ done }) => done);
}
