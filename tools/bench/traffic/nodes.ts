import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Harm } from './faults.ts';
import { places } from './layout.ts';
import type { Place, Pod } from './layout.ts';
import type { Network } from './network.ts';
import type { Begin, Begun, Told } from './nodeProcess.ts';

const program = new URL('nodeProcess.ts', import.meta.url);

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
  static async start(place: Place, answerMs: number): Promise<Node> {
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    try {
      const { name, address } = place;
      child.send({ name, address, answerMs } satisfies Begin);
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
    else this.#child.send('err' satisfies Told);
  }

  /** Its pods take this long to answer from now on. */
  answerIn(answerMs: number): void {
    this.#child.send({ answerMs } satisfies Told);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    // It ends a frozen process, too.
    this.#child.kill('SIGKILL');
    await exit;
  }
}

/** Starts all nodes. Their pods take this long to answer. */
export async function startNodes(answerMs: number): Promise<{ readonly nodes: readonly Node[] } & AsyncDisposable> {
  await using left = new AsyncDisposableStack();
  const nodes: Node[] = [];
  for (const place of places) nodes.push(left.use(await Node.start(place, answerMs)));
  const moved = left.move();
  return { nodes, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}
