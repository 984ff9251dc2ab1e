import { execFile } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The network in which a run takes place. */
export interface Network {
  /** Lets no packet to or from this address through. Rejects where that cannot be done. */
  drop(address: string): Promise<void>;
}

/** Starts a program in a network of its own, which vanishes with the last process in it. */
export const APART = ['unshare', '--net'] as const;

/** The network that all programs of this machine share: no packet may be dropped here. */
export const sharedNetwork: Network = {
  drop: () => Promise.reject(new Error('packets are dropped only in a network of its own')),
};

/** Whether this machine and user can start programs in a network of their own, and drop packets there. */
export async function canBeApart(): Promise<boolean> {
  const [unshare, ...flags] = APART;
  const probe = 'ip link set lo up && iptables -w -A INPUT -s 127.0.1.1 -j DROP';
  return run(unshare, [...flags, 'sh', '-c', probe]).then(
    () => true,
    () => false,
  );
}

/** The name of the network in which this process runs. */
export function networkName(): Promise<string> {
  return readlink('/proc/self/ns/net');
}

/** Begins to use the network of its own in which this process was started. Throws when it is `shared`, that of others. */
export async function enterNetwork(shared: string): Promise<Network> {
  if ((await networkName()) === shared) throw new Error('this process has no network of its own');
  await run('ip', ['link', 'set', 'lo', 'up']);
  return {
    drop: async (address) => {
      // On the way in: to drop on the way out would tell the sender.
      for (const end of ['-s', '-d']) await run('iptables', ['-w', '-A', 'INPUT', end, address, '-j', 'DROP']);
    },
  };
}

async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args);
}
