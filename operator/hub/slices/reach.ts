import { connect } from 'node:net';
import type { Clock } from '../../engine/clock.ts';

/** Opens a connection and closes it again. Rejects when it cannot be opened in time. */
export type Knock = (address: string, port: number) => Promise<void>;

/** A hub on the next node answers within a millisecond. */
const KNOCK_WITHIN_MS = 1_000;
const AGAIN_AFTER_MS = 1_000;
/** So many connections are opened side by side. */
const AT_ONCE = 64;

/** Knocks by TCP. */
export const knockByTcp: Knock = (address, port) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(KNOCK_WITHIN_MS, () => fail(new Error(`no connection to ${address}:${port} in time`)));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });

interface Door {
  readonly address: string;
  readonly port: number;
}

/**
 * Which ports of which hubs have accepted a connection. A door that was asked for is knocked at, again each second until
 * it opens, and what has opened once counts until its hub is forgotten.
 */
export class HubReach {
  readonly #knock: Knock;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onOpen: (port: number) => void;
  /** Doors by address and port, and whether they have opened. */
  readonly #doors = new Map<string, boolean>();
  readonly #waiting: Door[] = [];
  #knocking = 0;

  constructor(options: { knock: Knock; clock: Clock; signal: AbortSignal; onOpen: (port: number) => void }) {
    this.#knock = options.knock;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#onOpen = options.onOpen;
  }

  /** Whether a door has opened. The first time, it is knocked at. */
  isOpen(address: string, port: number): boolean {
    const name = nameOf({ address, port });
    const known = this.#doors.get(name);
    if (known !== undefined) return known;
    this.#doors.set(name, false);
    this.#waiting.push({ address, port });
    this.#next();
    return false;
  }

  /** Forgets the doors of all hubs but these. */
  keepAddresses(addresses: ReadonlySet<string>): void {
    for (const name of this.#doors.keys()) if (!addresses.has(doorIn(name).address)) this.#doors.delete(name);
  }

  /** Forgets all doors but those with these ports. */
  keepPorts(ports: ReadonlySet<number>): void {
    for (const name of this.#doors.keys()) if (!ports.has(doorIn(name).port)) this.#doors.delete(name);
  }

  #next(): void {
    while (this.#knocking < AT_ONCE && !this.#signal.aborted) {
      const door = this.#waiting.shift();
      if (door === undefined) return;
      this.#knocking += 1;
      void this.#try(door);
    }
  }

  async #try(door: Door): Promise<void> {
    const opened = await this.#knock(door.address, door.port).then(
      () => true,
      () => false,
    );
    this.#knocking -= 1;
    const isAsked = this.#doors.has(nameOf(door));
    if (opened && isAsked) {
      this.#doors.set(nameOf(door), true);
      this.#onOpen(door.port);
    }
    if (!opened && isAsked) void this.#tryLater(door);
    this.#next();
  }

  async #tryLater(door: Door): Promise<void> {
    await this.#clock.sleep(AGAIN_AFTER_MS, this.#signal);
    if (!this.#doors.has(nameOf(door))) return;
    this.#waiting.push(door);
    this.#next();
  }
}

function nameOf({ address, port }: Door): string {
  return `${address} ${port}`;
}

function doorIn(name: string): Door {
  const [address = '', port = ''] = name.split(' ');
  return { address, port: Number(port) };
}
