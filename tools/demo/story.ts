import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from '../cluster/cluster.ts';
import type { Chapter } from './closing.ts';
import { Gauge } from './gauge.ts';
import type { Measured } from './gauge.ts';
import { look, NAMESPACE, PLAIN, serviceOf } from './look.ts';
import type { DemoPod, Look } from './look.ts';
import type { Scene } from './scene.ts';

/** How often the cluster is read. */
const PERIOD_MS = 200;
/** A service has recovered when no pod was missing for this long. */
const STEADY_MS = 2_000;
/** After the Kitchen has recovered, the demo waits at most this long for the plain Deployment. */
const PATIENCE_MS = 30_000;
/** The demo waits at most this long for recovery. After that, the reading says that pods are still missing. */
const LIMIT_MS = 240_000;

/** Everything that the story needs. */
export interface Stage {
  readonly cluster: Cluster;
  readonly kitchen: Measured;
  readonly plain: Measured;
  /** The Kitchen's other stations, which have promises to keep too. */
  readonly others: readonly Measured[];
  readonly signal: AbortSignal;
  /** Called with every look and what is going on. */
  show(seen: Look, scene: Scene): void;
  /** Called once an event, when it begins. */
  begin(line: string): void;
  /** Called once an event, when it is over. */
  over(chapter: Chapter): void;
}

interface Event {
  readonly title: string;
  /** What is about to happen, in a sentence. */
  readonly story: (node: string) => string;
  readonly happens: (stage: Stage, node: string) => Promise<void>;
  /** Puts right what the event left behind. */
  readonly ends?: (stage: Stage, node: string) => Promise<void>;
}

const events: readonly Event[] = [
  {
    title: 'a pod is deleted',
    story: () => 'kubectl delete pod, one of each',
    happens: async (stage, node) => {
      const { pods } = await look(stage.cluster.api);
      const doomed = [stage.kitchen.service, PLAIN].flatMap((service) => podOn(pods, service, node));
      await Promise.all(
        doomed.map((pod) => stage.cluster.api.call('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods/${pod}`)),
      );
    },
  },
  {
    title: 'a node is drained',
    story: (node) => `kubectl drain ${node}`,
    happens: ({ cluster, signal }, node) =>
      kubectl(cluster, ['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=180s'], signal),
    ends: ({ cluster, signal }, node) => kubectl(cluster, ['uncordon', node], signal),
  },
  {
    title: 'a node dies',
    story: (node) => `${node} loses its power; Kubernetes notices after 50 s and replaces pods after 350 s`,
    happens: async ({ cluster }, node) => void (await cluster.kill('node', node)),
  },
  {
    title: 'the node comes back',
    story: (node) => `${node} has power again`,
    happens: async ({ cluster }, node) => void (await cluster.heal('node', node)),
  },
];

/** Plays the events one after another; resolves to what each did. */
export async function play(stage: Stage): Promise<readonly Chapter[]> {
  const chapters: Chapter[] = [];
  let node = '';
  for (const [index, event] of events.entries()) {
    if (event.title !== 'the node comes back') node = sharedNode(await look(stage.cluster.api), stage.kitchen.service);
    const story = event.story(node);
    stage.begin(`${event.title}: ${story}`);
    const words = { title: `${index + 1} of ${events.length}: ${event.title}`, story };
    const chapter = { title: event.title, ...(await measured(stage, words, happens(event, stage, node))) };
    await event.ends?.(stage, node);
    stage.over(chapter);
    chapters.push(chapter);
  }
  return chapters;
}

interface Happening {
  isOver: boolean;
  failure: unknown;
}

/** Starts the event. The story counts pods while it goes on, and fails if the event fails. */
function happens(event: Event, stage: Stage, node: string): Happening {
  const happening: Happening = { isOver: false, failure: undefined };
  event.happens(stage, node).then(
    () => (happening.isOver = true),
    (error: unknown) => (happening.failure = error),
  );
  return happening;
}

/** Counts both services until the event is over and they have recovered, or until the longest wait has passed. */
async function measured(
  stage: Stage,
  words: Pick<Scene, 'title' | 'story'>,
  happening: Happening,
): Promise<Omit<Chapter, 'title'>> {
  const began = performance.now();
  const kitchen = new Gauge(stage.kitchen, began);
  const plain = new Gauge(stage.plain, began);
  const stations = [kitchen, ...stage.others.map((other) => new Gauge(other, began))];
  let kitchenWholeMs: number | undefined;
  for (;;) {
    stage.signal.throwIfAborted();
    if (happening.failure !== undefined) throw happening.failure;
    const seen = await look(stage.cluster.api);
    const now = performance.now();
    for (const gauge of [...stations, plain]) gauge.count(seen, now);
    const counts = [
      { name: `${stage.kitchen.service} of the Kitchen`, measured: stage.kitchen, reading: kitchen.reading() },
      { name: 'plain Deployment', measured: stage.plain, reading: plain.reading() },
    ];
    stage.show(seen, { ...words, elapsedMs: now - began, counts });
    const isWhole = happening.isOver && steady(kitchen);
    kitchenWholeMs = isWhole ? (kitchenWholeMs ?? now) : undefined;
    if (isWhole && (steady(plain) || now - (kitchenWholeMs ?? now) > PATIENCE_MS)) break;
    if (now - began > LIMIT_MS) break;
    await pause(PERIOD_MS, undefined, { signal: stage.signal });
  }
  const broken = stations.flatMap((gauge) => gauge.broken() ?? []);
  return { kitchen: kitchen.reading(), plain: plain.reading(), broken };
}

function steady(gauge: Gauge): boolean {
  const { wholeAfterMs, elapsedMs } = gauge.reading();
  return wholeAfterMs !== undefined && elapsedMs - wholeAfterMs > STEADY_MS;
}

/** The node that runs most pods of the plain Deployment among those that run some of the station. */
function sharedNode({ nodes, pods }: Look, service: string): string {
  const on = (name: string, of: string): number =>
    pods.filter((pod) => pod.spec.nodeName === name && serviceOf(pod) === of).length;
  const names = nodes.map((node) => node.metadata.name).filter((name) => on(name, service) > 0);
  const chosen = names.toSorted((a, b) => on(b, PLAIN) - on(a, PLAIN))[0];
  if (chosen === undefined) throw new Error(`no node runs a pod of ${service}`);
  return chosen;
}

function podOn(pods: readonly DemoPod[], service: string, node: string): readonly string[] {
  const own = pods.filter((pod) => serviceOf(pod) === service);
  const pod = own.find((each) => each.spec.nodeName === node) ?? own[0];
  return pod === undefined ? [] : [pod.metadata.name];
}

async function kubectl(cluster: Cluster, args: readonly string[], signal: AbortSignal): Promise<void> {
  await promisify(execFile)(cluster.bin.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], { signal });
}
