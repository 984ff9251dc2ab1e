import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Station } from '../../operator/api/station.ts';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { chapterLine, closingTable, promiseHeld } from './closing.ts';
import { seconds } from './counts.ts';
import type { Measured } from './gauge.ts';
import { look, PLAIN } from './look.ts';
import { Recording } from './recording.ts';
import { openScreen, recorded } from './screen.ts';
import type { Screen } from './screen.ts';
import { serve, untilServed } from './serve.ts';
import type { Audience } from './serve.ts';
import { play } from './story.ts';
import { animatedSvg } from './svg.ts';

const options = new Command('demo')
  .description('A Kitchen on a local control plane, served, hurt and made whole, beside a plain Deployment.')
  .option('--keep', 'leave it running after the story, until Ctrl-C')
  .option('--no-story', 'only start it, and leave it running until Ctrl-C')
  .option('--record <file>', 'write the story as an animated SVG')
  .parse()
  .opts<{ readonly keep?: boolean; readonly story: boolean; readonly record?: string }>();

const recordedRoom = { width: 100, height: 27 };
const recordedPace = { playMs: 20_000, lastMs: 5_000 };

// A recording has colours, even if the screen has none.
if (options.record !== undefined) process.env['FORCE_COLOR'] ??= '1';
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
process.exitCode = await run();

async function run(): Promise<number> {
  const recording = new Recording();
  using opened = openScreen(process.stdout);
  const screen = options.record === undefined ? opened : recorded(opened, recording, recordedRoom);
  ended.signal.addEventListener('abort', () => screen.say('ending; nothing will be left of it'), { once: true });
  // Ends the story early, when the operator has died.
  const failed = new AbortController();
  try {
    const code = await demo(screen, failed);
    if (options.record !== undefined && options.story)
      await writeFile(options.record, animatedSvg(recording.shots(recordedPace), recordedRoom));
    return code;
  } catch (error) {
    if (ended.signal.aborted) return 130;
    const cause: unknown = failed.signal.aborted ? failed.signal.reason : error;
    screen.say(styleText('red', cause instanceof Error ? cause.message : String(cause)));
    return 1;
  }
}

async function demo(screen: Screen, failed: AbortController): Promise<number> {
  const signal = AbortSignal.any([ended.signal, failed.signal]);
  const began = performance.now();
  screen.say('starting a control plane with 9 nodes in 3 zones');
  await using cluster = await startCluster({ zones: 3, nodes: 3, say: (line) => screen.say(line) });
  signal.throwIfAborted();
  screen.say(`etcd, API server, scheduler, controllers and 9 nodes run after ${seconds(performance.now() - began)}`);
  const audience: Audience = {
    signal,
    say: (line) => screen.say(line),
    show: (seen, words) => screen.show(seen, { ...words, elapsedMs: performance.now() - began, counts: [] }),
  };
  const station = await serve(cluster, audience);
  cluster.processes.failureOf('operator').catch((error: unknown) => failed.abort(error));
  const seen = await untilServed(cluster, station, audience);
  const all = seen.stations.map(measuredOf);
  const kitchen = all.find(({ service }) => service === station.name);
  if (kitchen === undefined) throw new Error(`there is no Station of ${station.name}`);
  if (!options.story) {
    await stay(cluster, audience);
    return 0;
  }
  const chapters = await play({
    cluster,
    signal,
    kitchen,
    plain: { service: PLAIN, demand: kitchen.demand, full: kitchen.demand },
    others: all.filter((other) => other !== kitchen),
    show: (now, scene) => screen.show(now, scene),
    begin: (line) => screen.say(styleText('bold', `▶ ${line}`)),
    over: (chapter) => screen.say(chapterLine(chapter, kitchen)),
  });
  screen.end(closingTable(chapters, kitchen));
  if (options.keep === true) await stay(cluster, audience);
  return promiseHeld(chapters) ? 0 : 1;
}

function measuredOf({ spec, status }: Station): Measured {
  return { service: spec.station, demand: spec.replicas, full: status?.target ?? spec.replicas };
}

/** Until Ctrl-C; throws when the operator dies. */
async function stay(cluster: Cluster, { signal, say, show }: Audience): Promise<void> {
  const words = { title: 'the Kitchen runs', story: 'until Ctrl-C' };
  say(`it stays until Ctrl-C; in another shell: export KUBECONFIG=${cluster.kubeconfig}`);
  while (!signal.aborted) {
    show(await look(cluster.api), words);
    await pause(500, undefined, { signal }).catch(() => undefined);
  }
  if (!ended.signal.aborted) signal.throwIfAborted();
}
