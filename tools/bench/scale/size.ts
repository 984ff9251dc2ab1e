import { setTimeout as pause } from 'node:timers/promises';
import { endOf, writesIn } from '../audit.ts';
import type { OperatorFlags } from '../operator.ts';
import { takeCensus } from './census.ts';
import { openStage, PODS, STATIONS } from './stage.ts';
import { cpuMsOf, rssMibOf } from './meters.ts';
import { reactions } from './reaction.ts';
import type { SizeResult } from './result.ts';
import { looksOf, operatorWrites, quiet, seconds, spread, tenth, until, whole } from './scene.ts';
import type { Scene } from './scene.ts';
import { zoneKill } from './zoneKill.ts';

/** What to measure, and where to print progress. */
export interface SizeOptions {
  readonly kitchens: number;
  readonly operator: OperatorFlags;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const STEADY_MS = 60_000;
const MOST_EVENTS = 200;
const EVENT_EVERY_MS = 100;

/** Measures this number of Kitchens in a new cluster. */
export async function measureSize({ kitchens, operator, signal, say }: SizeOptions): Promise<SizeResult> {
  const stations = kitchens * STATIONS.length;
  // Two of the three zones have room for all pods: a node takes 250 pods.
  const nodes = Math.max(5, Math.ceil((stations * PODS) / 2 / 200));
  say(`starting a cluster of ${nodes * 3} nodes`);
  await using stage = await openStage({ nodes, operator, say });
  await using census = await takeCensus(stage.cluster.kubeconfig);
  const scene: Scene = { stage, census, kitchens, stations, signal, say };
  const began = performance.now();
  await Promise.all([
    stage.order(kitchens),
    until(scene, 'stations run all their pods', () => whole(scene, new Set())),
  ]);
  const servedSeconds = seconds(performance.now() - began);
  const steady = await steadyMinute(scene);
  const podKills = await killPods(scene);
  await quiet(scene);
  return {
    kitchens,
    stations,
    pods: stations * PODS,
    nodes: nodes * 3,
    servedSeconds,
    steady,
    podKills,
    zoneKill: await zoneKill(scene),
  };
}

async function steadyMinute(scene: Scene): Promise<SizeResult['steady']> {
  const { stage, say, signal } = scene;
  const { dir, auditLog } = stage.cluster;
  await quiet(scene);
  say(`counting writes for ${STEADY_MS / 1000} s`);
  const [from, cpu, looks] = [await endOf(auditLog), await cpuMsOf(dir), await looksOf(scene)];
  await pause(STEADY_MS, undefined, { signal });
  const cpuMs = ((await cpuMsOf(dir))['operator'] ?? 0) - (cpu['operator'] ?? 0);
  return {
    writes: operatorWrites(await writesIn(auditLog, from)).length,
    looks: (await looksOf(scene)) - looks,
    cpuPercent: Math.round((cpuMs / STEADY_MS) * 1000) / 10,
    rssMib: await rssMibOf(dir, 'operator'),
  };
}

async function killPods(scene: Scene): Promise<SizeResult['podKills']> {
  const { stage, census, signal, say } = scene;
  const { api, auditLog } = stage.cluster;
  const doomed = [...census.onePodEach()].slice(0, MOST_EVENTS);
  say(`deleting ${doomed.length} pods, each of another station`);
  const [from, looks] = [await endOf(auditLog), await looksOf(scene)];
  for (const [, pod] of doomed) {
    await api.call('DELETE', `/api/v1/namespaces/default/pods/${pod}`);
    await pause(EVENT_EVERY_MS, undefined, { signal });
  }
  await quiet(scene);
  const writes = await writesIn(auditLog, from);
  const stationOfPod = new Map(doomed.map(([station, pod]) => [pod, station]));
  const events = writes.flatMap(({ verb, objectRef, userAgent, requestReceivedTimestamp }) => {
    const station = stationOfPod.get(objectRef?.name ?? '');
    const isOurs = verb === 'delete' && objectRef?.resource === 'pods' && !(userAgent ?? '').startsWith('kwok');
    return isOurs && station !== undefined ? [{ station, atMs: Date.parse(requestReceivedTimestamp) }] : [];
  });
  return {
    events: events.length,
    toWriteMs: spread(reactions(events, writes)),
    looksPerEvent: tenth(((await looksOf(scene)) - looks) / events.length),
    writesPerEvent: tenth(operatorWrites(writes).length / events.length),
  };
}
