import { setTimeout as pause } from 'node:timers/promises';
import { listNodes, zoneOf } from '../../cluster/nodes.ts';
import { endOf, writesIn } from '../audit.ts';
import type { AuditLine } from '../audit.ts';
import { prepareFloor } from './floor.ts';
import type { Floor } from './floor.ts';
import { countMade } from './made.ts';
import { cpuBetween, cpuMsOf, operatorRssOf } from './meters.ts';
import { reactions } from './reaction.ts';
import type { ByName, Subject, ZoneFigures } from './result.ts';
import { looksOf, seconds, spread, tenth, until } from './scene.ts';
import type { Scene } from './scene.ts';
import { PODS } from './stage.ts';
import { countsOf, isOurs } from './writes.ts';

const ZONE = 'zone-a';
/** What is told and tidied up after all is whole is counted too. */
const TAIL_MS = 25_000;

/** The zone before it dies. */
interface Doomed {
  readonly dead: ReadonlySet<string>;
  /** Pods that go with it, by station. */
  readonly lost: ReadonlyMap<string, number>;
}

/** What was read when. */
interface Moments {
  readonly diedMs: number;
  /** When Kubernetes called the first node lost. */
  readonly lostMs: number | undefined;
  /** When it had called every node of the zone lost. */
  readonly allLostMs: number | undefined;
  readonly wholeMs: number | undefined;
  readonly cpuDied: ByName;
  readonly cpuLost: ByName | undefined;
  readonly cpuWhole: ByName;
  readonly cpuEnd: ByName;
}

/** Kills a zone that all stations use, and measures until every station runs all its pods in other zones, and the tail. */
export async function zoneKill(scene: Scene, who: Subject): Promise<ZoneFigures> {
  const { stage, census, say } = scene;
  const { dir, auditLog } = stage.cluster;
  const doomed = await doomedBy(scene);
  const served = await operatorRssOf(dir);
  await using floor = who === 'floor' ? await floorFor(scene, doomed) : undefined;
  const looks = floor === undefined ? await looksOf(scene) : 0;
  const from = await endOf(auditLog);
  const made = census.followMade();
  say(`${ZONE} dies under ${doomed.lost.size} of ${stage.stations} stations`);
  const moments = await liveThrough(scene, doomed, floor);
  // Both are whole numbers of requests: read at the end of the tail, before the cluster goes.
  const looksNow = floor === undefined ? await looksOf(scene) : 0;
  const rss = await operatorRssOf(dir);
  // The API server writes its log a little later.
  await pause(2_000);
  const writes = await writesIn(auditLog, from);
  const stations = doomed.lost.size;
  return {
    servedS: scene.servedS,
    stations,
    ...timesOf(moments, who),
    ...countsOf(writes, stations),
    looks: floor === undefined ? tenth((looksNow - looks) / stations) : null,
    grownMs: spread(grownAfter(beginOf(moments, who), { writes, doomed })),
    rssMiB: rss?.now ?? null,
    rssServedMiB: floor === undefined ? (served?.now ?? null) : null,
    rssPeakMiB: rss?.peak ?? null,
    ...countMade(made(), doomed),
  };
}

async function doomedBy({ stage, census }: Scene): Promise<Doomed> {
  const nodes = await listNodes(stage.cluster.api);
  const dead = new Set(nodes.filter((node) => zoneOf(node) === ZONE).map(({ metadata }) => metadata.name));
  const lost = new Map([...census.running(dead)].flatMap(([name, pods]) => (pods < PODS ? [[name, PODS - pods]] : [])));
  return { dead, lost };
}

/** Stops the operator, which has brought up the field. */
async function floorFor({ stage, say }: Scene, { lost }: Doomed): Promise<Floor> {
  say('stopping the operator');
  await stage.stopOperator();
  return prepareFloor(stage.cluster.kubeconfig, { lost, zone: ZONE });
}

async function liveThrough(scene: Scene, { dead }: Doomed, floor: Floor | undefined): Promise<Moments> {
  const { stage, census, limitMs, signal, say } = scene;
  const cpu = (): Promise<ByName> => cpuMsOf(stage.cluster.dir);
  const lost: number[] = [];
  let whenLost: Promise<readonly [ByName, void]> | undefined;
  const cpuDied = await cpu();
  const diedMs = Date.now();
  census.onLost(dead, () => {
    if (lost.push(Date.now()) > 1) return;
    say(`the first node is called lost after ${seconds(Date.now() - diedMs)} s`);
    whenLost = Promise.all([cpu(), floor?.grow()]);
    // It is awaited below; a failure in between must not end the process.
    whenLost.catch(() => undefined);
  });
  await stage.cluster.kill('zone', ZONE);
  const isWhole = await until(scene, { what: 'stations are whole', dead, limitMs });
  const wholeMs = isWhole ? Date.now() : undefined;
  const cpuWhole = await cpu();
  if (wholeMs === undefined) say(`not whole within ${seconds(limitMs)} s`);
  else {
    say(`whole after ${seconds(wholeMs - diedMs)} s; counting for ${TAIL_MS / 1000} s more`);
    // With suspicion all may be whole before Kubernetes notices, and what it then causes is part of the tail.
    while (lost.length === 0 && Date.now() < diedMs + limitMs) await pause(100, undefined, { signal });
    await pause(TAIL_MS, undefined, { signal });
  }
  const [cpuLost] = (await whenLost) ?? [];
  const allLostMs = lost[dead.size - 1];
  return { diedMs, lostMs: lost[0], allLostMs, wholeMs, cpuDied, cpuLost, cpuWhole, cpuEnd: await cpu() };
}

/** From where the figures of a subject are counted. */
function beginOf({ diedMs, lostMs }: Moments, who: Subject): number {
  return who === 'suspecting' ? diedMs : (lostMs ?? diedMs);
}

function timesOf(
  moments: Moments,
  who: Subject,
): Pick<ZoneFigures, 'wholeS' | 'fromDeathS' | 'lostS' | 'allLostS' | 'cpuS' | 'cpuUntilWholeS'> {
  const { diedMs, lostMs, allLostMs, wholeMs } = moments;
  const begun = who === 'suspecting' ? moments.cpuDied : (moments.cpuLost ?? moments.cpuDied);
  return {
    wholeS: wholeMs === undefined ? null : seconds(wholeMs - beginOf(moments, who)),
    fromDeathS: wholeMs === undefined ? null : seconds(wholeMs - diedMs),
    lostS: lostMs === undefined ? null : seconds(lostMs - diedMs),
    allLostS: allLostMs === undefined ? null : seconds(allLostMs - diedMs),
    cpuS: cpuBetween(begun, moments.cpuEnd),
    cpuUntilWholeS: cpuBetween(begun, moments.cpuWhole),
  };
}

/** For each station that lost a pod, the time until our first write to one of its Deployments. */
function grownAfter(
  atMs: number,
  { writes, doomed }: { readonly writes: readonly AuditLine[]; readonly doomed: Doomed },
): readonly number[] {
  const growing = writes.filter((line) => isOurs(line) && line.objectRef?.resource === 'deployments');
  return reactions(
    [...doomed.lost.keys()].map((station) => ({ station, atMs })),
    growing,
  );
}
