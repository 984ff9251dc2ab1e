import { setTimeout as pause } from 'node:timers/promises';
import { endOf, writesIn } from '../audit.ts';
import { listNodes, zoneOf } from '../../cluster/nodes.ts';
import { PODS } from './stage.ts';
import { cpuMsOf, rssMibOf, watchDepths } from './meters.ts';
import { reactions } from './reaction.ts';
import type { ZoneKill } from './result.ts';
import { looksOf, operatorWrites, seconds, spread, tenth, until, whole } from './scene.ts';
import type { Scene } from './scene.ts';

const ZONE = 'zone-a';

/** Kills a zone that all stations use, and waits until every station runs all its pods in other zones. */
export async function zoneKill(scene: Scene): Promise<ZoneKill> {
  const { stage, census, say, stations } = scene;
  const { api, auditLog, dir } = stage.cluster;
  const dead = new Set(
    (await listNodes(api)).filter((node) => zoneOf(node) === ZONE).map(({ metadata }) => metadata.name),
  );
  const hurt = [...census.running(dead)].filter(([, pods]) => pods < PODS).map(([station]) => station);
  const [from, looks, cpu] = [await endOf(auditLog), await looksOf(scene), await cpuMsOf(dir)];
  say(`${ZONE} dies under ${hurt.length} of ${stations} stations`);
  const depths = watchDepths(stage.queues);
  const beganMs = Date.now();
  await stage.cluster.kill('zone', ZONE);
  let halfMs = 0;
  await until(scene, 'stations are whole', () => {
    const count = whole(scene, dead);
    if (halfMs === 0 && count >= stations - hurt.length / 2) halfMs = Date.now() - beganMs;
    return count;
  });
  const allMs = Date.now() - beganMs;
  const queues = await depths.stop();
  const cpuNow = await cpuMsOf(dir);
  // The API server writes its log a little later.
  await pause(2_000);
  const writes = await writesIn(auditLog, from);
  const noticed = writes.find(
    ({ objectRef, userAgent = '' }) =>
      objectRef?.resource === 'nodes' && dead.has(objectRef.name ?? '') && userAgent.includes('node-controller'),
  );
  const noticedMs = Date.parse(noticed?.requestReceivedTimestamp ?? '');
  const events = hurt.map((station) => ({ station, atMs: noticedMs }));
  return {
    stations: hurt.length,
    toGrowMs: spread(reactions(events, writes, ({ objectRef }) => objectRef?.resource === 'deployments')),
    halfWholeSeconds: seconds(halfMs),
    allWholeSeconds: seconds(allMs),
    noticedSeconds: seconds(beganMs + allMs - noticedMs),
    writesPerStation: tenth(operatorWrites(writes).length / hurt.length),
    looksPerStation: tenth(((await looksOf(scene)) - looks) / hurt.length),
    queues,
    cpuSeconds: Object.fromEntries(Object.entries(cpuNow).map(([name, ms]) => [name, seconds(ms - (cpu[name] ?? 0))])),
    rssMib: await rssMibOf(dir, 'operator'),
  };
}
