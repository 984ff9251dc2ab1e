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
/** A zone of which so long nothing was heard may be another by now. */
const FORGET_S = 60;

const nothing: WaitSample = { done: 0, inFlight: 0, answers: 0 };

/** The samples with one turn more: requests a second that were done, and requests under way. */
export function withTurn(
  before: WaitSamples = { closed: [], open: nothing, ageS: 0 },
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
  const ageS = before.ageS + dtS;
  return ageS < FORGET_S ? { ...before, open, ageS } : { closed: [], open: nothing, ageS: 0 };
}

/** Whether a sample has enough to tell how long requests take. */
function tells({ answers, inFlight }: WaitSample): boolean {
  return answers >= ANSWERS_LEAST && (inFlight >= COUNTED_LEAST || answers >= ANSWERS_MANY);
}

/** The least wait of all samples, in seconds; undefined: there are too few. */
export function leastWaitOf({ closed }: WaitSamples = { closed: [], open: nothing, ageS: 0 }): number | undefined {
  return closed.length < SAMPLES_MOST ? undefined : Math.min(...closed.map(({ inFlight, done }) => inFlight / done));
}

/**
 * The wait of all samples together, in seconds: what is under way is counted at one moment of each turn, and so is noisy. One
 * request more, since none at five moments does not mean that requests take no time. Undefined: there is no sample.
 */
export function meanWaitOf({ closed }: WaitSamples): number | undefined {
  const sum = (pick: (sample: WaitSample) => number): number => closed.reduce((all, sample) => all + pick(sample), 0);
  return closed.length === 0 ? undefined : (sum(({ inFlight }) => inFlight) + 1) / sum(({ done }) => done);
}
