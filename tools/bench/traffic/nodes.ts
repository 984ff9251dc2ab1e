import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Harm } from './faults.ts';
import { places } from './layout.ts';
import type { Place, Pod } from './layout.ts';
import type { Network } from './network.ts';
import type { Begin, Begun, Change } from './nodeProcess.ts';

const program = new URL('nodeProcess.ts', import.meta.url);

/** What pods do: how long they take to answer, and how many requests each answers at once; absent: all. */
export type PodsOfNode = Pick<Begin, 'answerMs' | 'workers'>;

/** A node: a process with pods in it. It ends when it is disposed of. */
export class Node implements AsyncDisposable {
  readonly zone: string;
  readonly pods: readonly Pod[];
  readonly #address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { zone, address, name }: Place, ports: readonly number[]) {
    this.#child = child;
    this.#address = address;
    this.zone = zone;
    this.pods = ports.map((port, index) => ({ name: `${name}-${index + 1}`, zone, address, port }));
  }

  /** Resolves when its pods can be asked. */
  static async start(place: Place, pods: PodsOfNode): Promise<Node> {
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    try {
      const { name, address } = place;
      child.send({ name, address, ...pods } satisfies Begin);
      const ended = once(child, 'exit').then(() => {
        throw new Error(`node ${name} ended before it began`);
      });
      const [{ ports }] = (await Promise.race([once(child, 'message'), ended])) as [Begun];
      ended.catch(() => undefined);
      return new Node(child, place, ports);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Harms it. Resolves when the kernel has heard of it. */
  async harm(harm: Harm, network: Network): Promise<void> {
    if (harm === 'Kill') await this[Symbol.asyncDispose]();
    else if (harm === 'Freeze') this.#child.kill('SIGSTOP');
    else if (harm === 'BlackHole') await network.drop(this.#address);
    else this.#child.send('err' satisfies Change);
  }

  /** Its pods take so many times as long from now on. */
  slow(slower: number): void {
    this.#child.send({ slower } satisfies Change);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    // It ends a frozen process, too.
    this.#child.kill('SIGKILL');
    await exit;
  }
}

/** Starts all nodes. */
export async function startNodes(pods: PodsOfNode): Promise<{ readonly nodes: readonly Node[] } & AsyncDisposable> {
  await using left = new AsyncDisposableStack();
  const nodes: Node[] = [];
  for (const place of places) nodes.push(left.use(await Node.start(place, pods)));
  const moved = left.move();
  return { nodes, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}
