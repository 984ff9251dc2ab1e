import { setTimeout as pause } from 'node:timers/promises';
import { endOf, writesIn } from '../audit.ts';
import { cpuMsOf, operatorRssOf } from './meters.ts';
import { reactions } from './reaction.ts';
import type { CalmFigures } from './result.ts';
import { looksOf, quiet, spread, tenth } from './scene.ts';
import type { Scene } from './scene.ts';
import { isOurs } from './writes.ts';

const STEADY_MS = 60_000;
const MOST_EVENTS = 200;
const EVENT_EVERY_MS = 100;

/** Lets a minute pass in which nothing happens, then deletes pods one by one. */
export async function calm(scene: Scene): Promise<CalmFigures> {
  const steady = await steadyMinute(scene);
  return { servedS: scene.servedS, steady, podKills: await killPods(scene) };
}

async function steadyMinute(scene: Scene): Promise<CalmFigures['steady']> {
  const { stage, say, signal } = scene;
  const { dir, auditLog } = stage.cluster;
  say(`counting writes for ${STEADY_MS / 1000} s`);
  const [from, cpuMs, looks] = [await endOf(auditLog), await operatorCpuMs(scene), await looksOf(scene)];
  await Promise.race([pause(STEADY_MS, undefined, { signal }), stage.failed]);
  const usedMs = (await operatorCpuMs(scene)) - cpuMs;
  return {
    writes: (await writesIn(auditLog, from)).filter(isOurs).length,
    looks: (await looksOf(scene)) - looks,
    cpuPercent: tenth((usedMs / STEADY_MS) * 100),
    rssMiB: (await operatorRssOf(dir))?.now ?? 0,
  };
}

async function killPods(scene: Scene): Promise<CalmFigures['podKills']> {
  const { stage, census, signal, say } = scene;
  const { api, auditLog } = stage.cluster;
  const doomed = [...census.onePodEach()].slice(0, MOST_EVENTS);
  say(`deleting ${doomed.length} pods, each of another station`);
  const [from, cpuMs, looks] = [await endOf(auditLog), await operatorCpuMs(scene), await looksOf(scene)];
  for (const [, { namespace, name }] of doomed) {
    await api.call('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`);
    await pause(EVENT_EVERY_MS, undefined, { signal });
  }
  await quiet(scene);
  const usedMs = (await operatorCpuMs(scene)) - cpuMs;
  const writes = await writesIn(auditLog, from);
  const ours = writes.filter(isOurs);
  const stationOfPod = new Map(doomed.map(([station, { name }]) => [name, station]));
  const events = writes.flatMap(({ verb, objectRef, userAgent, requestReceivedTimestamp }) => {
    const station = stationOfPod.get(objectRef?.name ?? '');
    const isBenchs = verb === 'delete' && objectRef?.resource === 'pods' && !(userAgent ?? '').startsWith('kwok');
    return isBenchs && station !== undefined ? [{ station, atMs: Date.parse(requestReceivedTimestamp) }] : [];
  });
  return {
    events: events.length,
    toWriteMs: spread(reactions(events, ours)),
    cpuMsPerEvent: tenth(usedMs / events.length),
    looksPerEvent: tenth(((await looksOf(scene)) - looks) / events.length),
    writesPerEvent: tenth(ours.length / events.length),
  };
}

async function operatorCpuMs({ stage }: Scene): Promise<number> {
  return (await cpuMsOf(stage.cluster.dir))['operator'] ?? 0;
}
