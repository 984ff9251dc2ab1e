/*
 * Whether a zone may be dying although Kubernetes calls nodes of it Ready. Kubernetes calls the nodes of a dead zone
 * lost in waves: its node controller first tells all pods of the nodes that it found lost, and only then looks at nodes
 * again (seen: 5 of 7 nodes 31 s after the first two). The scheduler sends pods to the others for as long.
 *
 * - `overdue`: more than half of its nodes are down or have an overdue Lease, and one at least is down. Or none is down
 *   yet, and all have been silent for 15 s.
 * - `untold`: Leases do not tell (`--suspect-after 0`), a node of it is down, and the API still calls pods there Ready.
 *   So Kubernetes is telling pods, and has not looked at the other nodes. When that took longer than 2 s, the doubt
 *   lasts until the next look at nodes, which comes 5 s after the last one ended.
 *
 * The nodes are counted as they change, so the answer costs the same however many there are.
 */
import type { FirstSeen } from '../../engine/memory.ts';
import type { ZoneDoubt } from '../../model/zone.ts';
import type { JudgedNode } from './nodes.ts';

/** Telling the pods of a few nodes takes less, unless Kubernetes has very many to tell. */
const LONG_TOLD_MS = 2_000;
/** The node controller looks at all nodes 5 s after its last look ended, and a little more. */
const NEXT_LOOK_MS = 6_000;

/** Facts that the memory keeps: the API calls pods on lost nodes Ready, and it did so for long. */
const TELLING = 'telling';
const TOLD = 'told';

/** The doubt about a zone, and how many ms until age alone ends it; `Infinity`: it does not. */
export interface DoubtNow {
  readonly doubt: ZoneDoubt | undefined;
  readonly endsInMs: number;
}

type Count = 'up' | 'down' | 'unheard' | 'late' | 'silent' | 'telling';

/** What the nodes of one zone tell of its death. */
export class DoubtSigns {
  /** `unheard`, `late` and `silent` are of nodes that are up; a silent one is late as well. */
  readonly #counts: Record<Count, number> = { up: 0, down: 0, unheard: 0, late: 0, silent: 0, telling: 0 };
  /** Until when the pods were told, if that took long; undefined while they are being told. */
  #toldAtMs: number | undefined;

  add(node: JudgedNode): void {
    for (const sign of signsOf(node)) this.#counts[sign]++;
  }

  remove(node: JudgedNode): void {
    for (const sign of signsOf(node)) this.#counts[sign]--;
  }

  /** Notes what is to be remembered, under this subject. */
  note(memory: FirstSeen, subject: string, nowMs: number): void {
    const before = (fact: string): number | undefined => memory.ageMs(subject, fact, nowMs);
    const { up, down, telling } = this.#counts;
    const wasLong = before(TOLD) !== undefined || (before(TELLING) ?? 0) >= LONG_TOLD_MS;
    const isTold = up > 0 && down > 0 && telling === 0 && wasLong;
    const facts = [...(up > 0 && telling > 0 ? [TELLING] : []), ...(isTold ? [TOLD] : [])];
    const toldMs = memory.observe(subject, facts, nowMs).get(TOLD);
    this.#toldAtMs = toldMs === undefined ? undefined : nowMs - toldMs;
  }

  /** What was remembered when others were counted. */
  recall(others: DoubtSigns): void {
    this.#toldAtMs = others.#toldAtMs;
  }

  /** The doubt at this moment; none when all nodes are down. */
  at(nowMs: number): DoubtNow {
    const { up, unheard, telling } = this.#counts;
    if (up === 0) return { doubt: undefined, endsInMs: Infinity };
    if (unheard === 0) return { doubt: this.#bySilence(), endsInMs: Infinity };
    if (telling > 0) return { doubt: 'untold', endsInMs: Infinity };
    const leftMs = (this.#toldAtMs ?? -Infinity) + NEXT_LOOK_MS - nowMs;
    return leftMs > 0 ? { doubt: 'untold', endsInMs: leftMs } : { doubt: undefined, endsInMs: Infinity };
  }

  #bySilence(): ZoneDoubt | undefined {
    const { up, down, late, silent } = this.#counts;
    const isMost = down > 0 && late > 0 && 2 * (down + late) > down + up;
    return isMost || silent === up ? 'overdue' : undefined;
  }
}

function signsOf({ state, lease, isTelling }: JudgedNode): readonly Count[] {
  if (state === 'lost' || state === 'suspect') return isTelling ? ['down', 'telling'] : ['down'];
  if (lease === undefined) return ['up', 'unheard'];
  if (lease === 'timely') return ['up'];
  return lease === 'overdue' ? ['up', 'late'] : ['up', 'late', 'silent'];
}
