import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hasEnvoy } from '../../envoy/binary.ts';
import { faultNames, harmOf } from './faults.ts';
import type { FaultName } from './faults.ts';
import { canBeApart } from './network.ts';
import type { Run } from './result.ts';
import { wayNames, ways } from './ways/names.ts';
import type { WayName } from './ways/names.ts';

/** What this machine can do. */
export interface Able {
  /** Start programs in a network of their own, and drop packets there. */
  readonly apart: boolean;
  /** Programs that it has. */
  readonly programs: ReadonlySet<Program>;
}

type Program = 'Envoy' | 'haproxy' | 'nginx';

const needs: Readonly<Partial<Record<WayName, Program>>> = {
  hub: 'Envoy',
  'hub-500ms': 'Envoy',
  'stock-envoy': 'Envoy',
  haproxy: 'haproxy',
  nginx: 'nginx',
};

/** Finds out what this machine can do. */
export async function ableHere(): Promise<Able> {
  const found = await Promise.all(
    (['haproxy', 'nginx'] as const).map(async (name) => ((await isOnPath(name)) ? [name] : [])),
  );
  return { apart: await canBeApart(), programs: new Set([...(hasEnvoy ? (['Envoy'] as const) : []), ...found.flat()]) };
}

export interface Wanted {
  /** All when absent. */
  readonly faults?: readonly FaultName[];
  readonly who?: readonly WayName[];
  /** How often. */
  readonly runs: number;
}

/** The runs that are wanted and can be done here, and what is left out and why, in words. */
export function runsOf(
  { faults: wantedFaults = faultNames, who = wayNames, runs }: Wanted,
  { apart, programs }: Able,
): { readonly runs: readonly Run[]; readonly leftOut: readonly string[] } {
  const isBlack = (fault: FaultName): boolean => harmOf(fault) === 'BlackHole';
  const faults = wantedFaults.filter((fault) => apart || !isBlack(fault));
  const lacks = (way: WayName): Program | undefined => {
    const program = needs[way];
    return program === undefined || programs.has(program) ? undefined : program;
  };
  const present = who.filter((way) => lacks(way) === undefined);
  const repeated = Array.from({ length: runs }, (_, index) => index + 1);
  return {
    runs: repeated.flatMap((run) => faults.flatMap((fault) => present.map((way) => ({ fault, who: way, run })))),
    leftOut: [
      ...(faults.length < wantedFaults.length
        ? ['black holes: to drop packets takes root, and the programs unshare, ip and iptables']
        : []),
      ...who.flatMap((way) => {
        const program = lacks(way);
        return program === undefined ? [] : [`${ways[way]}: there is no ${program} here`];
      }),
    ],
  };
}

async function isOnPath(name: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const tries = folders.map((folder) => access(join(folder, name), constants.X_OK));
  return (await Promise.allSettled(tries)).some(({ status }) => status === 'fulfilled');
}
