import type { Clock } from '../../engine/clock.ts';

/**
 * Asks a hub which node's hub it reaches at the address of a Service of all hubs, whose endpoints are hinted to their
 * nodes. Resolves to the name of that node; rejects when there is no answer.
 */
export type AskLocal = (hub: { readonly address: string; readonly node: string }) => Promise<string>;

/** The port of a hub's first Envoy on which it is asked, and the header of the answer. */
const ASKED_PORT = 19_001;
export const NODE_HEADER = 'x-kitchen-node';

const ANSWER_WITHIN_MS = 2_000;
/**
 * So many answers in a row have to be the own one's, and twice as many after each wrong one: with two hubs, one that is
 * chosen at random passes the first time in 1 of 32 cases, and some time in 1 of 31.
 */
const ANSWERS_WANTED = 5;
const ANSWERS_MOST = 320;
const AGAIN_AFTER_MS = 500;
/** kube-proxy knows a new hub within a second or two. After this, it is not lateness. */
const LATE_MS = 10_000;
const SELDOM_MS = 10_000;

/** Asks over HTTP. */
export const askLocalByHttp: AskLocal = async ({ address }) => {
  const host = address.includes(':') ? `[${address}]` : address;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch(`http://${host}:${ASKED_PORT}/local`, { signal, redirect: 'error' });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.headers.get(NODE_HEADER) ?? '';
};

interface Asked {
  readonly node: string;
  readonly sinceMs: number;
  /** Answers of its own node in a row, and how many are wanted. */
  own: number;
  wanted: number;
  isLocal: boolean;
  /** Another node's hub has answered last. */
  isElsewhere: boolean;
}

/**
 * Which hubs are reached by the clients of their own node. Data planes that do not heed hints for nodes send to any hub:
 * then the death of a node costs the clients of others what it costs without hubs, and the way through hubs is no gain.
 * What was shown once counts until the hub is forgotten.
 */
export class HubLocality {
  readonly #ask: AskLocal;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onLocal: () => void;
  readonly #asked = new Map<string, Asked>();

  constructor(options: { ask: AskLocal; clock: Clock; signal: AbortSignal; onLocal: () => void }) {
    this.#ask = options.ask;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#onLocal = options.onLocal;
  }

  /** Whether a hub has been reached at its own node's address again and again. The first time, it is asked. */
  isLocal(address: string, node: string): boolean {
    const known = this.#asked.get(address);
    if (known !== undefined && known.node === node) return known.isLocal;
    const sinceMs = this.#clock.monotonicMs();
    const asked = { node, sinceMs, own: 0, wanted: ANSWERS_WANTED, isLocal: false, isElsewhere: false };
    this.#asked.set(address, asked);
    void this.#find(address, asked);
    return false;
  }

  /** Forgets all hubs but those at these addresses. */
  keepAddresses(addresses: ReadonlySet<string>): void {
    for (const address of this.#asked.keys()) if (!addresses.has(address)) this.#asked.delete(address);
  }

  /** Whether most hubs are not where the clients of their nodes are led, for so long that it is not lateness. */
  isMissed(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const all = [...this.#asked.values()];
    const missed = all.filter(
      ({ isLocal, isElsewhere, sinceMs }) => !isLocal && isElsewhere && nowMs - sinceMs >= LATE_MS,
    );
    return missed.length * 2 > all.length;
  }

  async #find(address: string, asked: Asked): Promise<void> {
    while (!this.#signal.aborted && this.#asked.get(address) === asked) {
      const node = await this.#ask({ address, node: asked.node }).catch(() => undefined);
      if (node !== undefined && node !== asked.node) asked.wanted = Math.min(asked.wanted * 2, ANSWERS_MOST);
      asked.isElsewhere = node !== undefined && node !== asked.node;
      asked.own = node === asked.node ? asked.own + 1 : 0;
      asked.isLocal = asked.own >= asked.wanted;
      if (asked.isLocal) return this.#onLocal();
      if (asked.own > 0) continue;
      const isLate = this.#clock.monotonicMs() - asked.sinceMs >= LATE_MS;
      await this.#clock.sleep(isLate ? SELDOM_MS : AGAIN_AFTER_MS, this.#signal);
    }
  }
}
