import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { lines } from '../../operator/kube/lines.ts';

/** A watch event as the API server sends it. */
export interface FedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** What is kept from a resource's watches. */
export interface Censor {
  /** Whether the events wait. */
  readonly holds: () => boolean;
  /** Asked for each event that would be told, a line of JSON: true when nobody shall ever hear of it. */
  readonly drops: (line: string) => boolean;
  /** Told of the first event that waits. */
  readonly onHeld: () => void;
}

const expired = {
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' },
};

/** One watch on its way through the proxy, line by line. */
export class Feed {
  readonly resource: string;
  readonly #censor: Censor;
  readonly #response: ServerResponse;
  #waiting: string[] = [];

  constructor(resource: string, response: ServerResponse, censor: Censor) {
    this.resource = resource;
    this.#response = response;
    this.#censor = censor;
  }

  /** Resolves when the API server has ended the watch. */
  async follow(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const line of lines(body)) this.#tell(line);
    this.#response.end();
  }

  /** Tells what has waited. */
  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const line of waiting) this.#tell(line);
  }

  /** Says that what the watch began from is too old: everything has to be listed again. */
  expire(): void {
    this.#waiting = [];
    this.#response.end(`${JSON.stringify(expired)}\n`);
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  #tell(line: string): void {
    if (this.#censor.holds()) {
      if (this.#waiting.push(line) === 1) this.#censor.onHeld();
    } else if (!this.#censor.drops(line) && !this.#response.writableEnded) {
      this.#response.write(`${line}\n`);
    }
  }
}
