import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../cluster/ports.ts';
import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

/** A proxy of others: a program that this machine has. */
export interface Peer {
  readonly program: string;
  /** Arguments with which it stays in the foreground and uses this configuration. */
  readonly args: (configFile: string, folder: string) => readonly string[];
  /** Its configuration: it listens on this port of 127.0.0.1 and keeps its files in the folder. */
  readonly config: (pods: readonly Pod[], place: { readonly port: number; readonly folder: string }) => string;
}

/** Starts the proxy. Its process and its files end with the way. */
export async function throughPeer({ program, args, config }: Peer, pods: readonly Pod[]): Promise<Way> {
  await using left = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), `kitchen-${program}-`));
  left.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const file = join(folder, `${program}.conf`);
  await writeFile(file, config(pods, { port, folder }));
  const child = spawn(program, args(file, folder), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  await once(child, 'spawn');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  left.defer(async () => {
    const exit = hasEnded() ? Promise.resolve() : once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  });
  const moved = left.move();
  return {
    doors: 1,
    next: () => ({ address: '127.0.0.1', port }),
    check: () => {
      if (hasEnded()) throw new Error(`${program} ended: ${log}`);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}
