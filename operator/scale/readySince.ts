import type { PodObject } from '../observe/objects.ts';

interface Since {
  readonly readyAt: number | undefined;
  readonly sinceMs: number;
}

/**
 * Since when pods have carried load, as this process has seen it. All pods of all stations are asked for at every look,
 * so one that is known costs a look-up and nothing else.
 */
export class ReadySince {
  readonly #since = new Map<string, Since>();

  /** How long a pod has carried load without a break; 0 when it is new, or was not Ready in between. */
  readyMs({ uid, readyAt }: Pick<PodObject, 'uid' | 'readyAt'>, nowMs: number): number {
    const known = this.#since.get(uid);
    if (known !== undefined && known.readyAt === readyAt) return nowMs - known.sinceMs;
    this.#since.set(uid, { readyAt, sinceMs: nowMs });
    return 0;
  }

  /** Takes in that a pod is gone, or carries no load. */
  forget(uid: string): void {
    this.#since.delete(uid);
  }
}
