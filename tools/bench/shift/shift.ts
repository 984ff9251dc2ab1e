import { availableParallelism } from 'node:os';
import { versions } from '../../cluster/assets/sets.ts';
import { envoyBinary, hasEnvoy } from '../../envoy/binary.ts';
import { commit } from '../repository.ts';
import { writeResult } from '../resultFile.ts';
import { sayer } from '../say.ts';
import { inEachZone } from '../traffic/ways/eachZone.ts';
import type { Pod } from '../traffic/layout.ts';
import { throughHub } from '../traffic/ways/hub.ts';
import { throughKubeProxy } from '../traffic/ways/kubeProxy.ts';
import { playShift } from './play.ts';
import type { ShiftableWay } from './play.ts';
import { shiftRows, shiftText, whoNames } from './rows.ts';
import type { ShiftRow, Who } from './rows.ts';

/** Options from the command line. */
export interface ShiftBenchOptions {
  /** Requests a second. */
  readonly rate: number;
  /** How long they are sent, in each phase. */
  readonly seconds: number;
  /** How long a pod takes to answer. */
  readonly answerMs: number;
  readonly json?: string;
  readonly markdown?: boolean;
}

const CLIENT_TIMEOUT_MS = 3_000;

const ways: Readonly<Record<Who, (pods: readonly Pod[]) => Promise<ShiftableWay>>> = {
  hub: throughHubs,
  service: async (pods) => throughKubeProxy(pods),
};

/** Measures a zone that gets slow, behind hubs and behind a plain Service, and prints a table. */
export async function shiftBench(options: ShiftBenchOptions, signal: AbortSignal): Promise<void> {
  const { rate, seconds, answerMs, json, markdown = false } = options;
  const say = sayer();
  if (!hasEnvoy) throw new Error('there is no Envoy for this machine');
  await envoyBinary(say);
  const rows: ShiftRow[] = [];
  for (const who of whoNames) {
    const played = await playShift({ way: ways[who], rate, seconds, answerMs, timeoutMs: CLIENT_TIMEOUT_MS, signal });
    rows.push(...shiftRows(who, played));
    say(`${who}: done`);
  }
  const conditions = {
    commit: commit(),
    envoy: versions.envoy,
    cores: availableParallelism(),
    rate,
    seconds,
    answerMs,
  };
  const result = { measured: new Date().toISOString().slice(0, 10), ...conditions, rows };
  if (json !== undefined) await writeResult(json, result);
  console.log(shiftText(rows, markdown));
}

/** A hub in each zone, all of which hear of shifts. */
export async function throughHubs(pods: readonly Pod[]): Promise<ShiftableWay> {
  const way = await inEachZone(pods, throughHub);
  return { ...way, shift: async (zone) => void (await Promise.all(way.ways.map((each) => each.shift(zone)))) };
}
