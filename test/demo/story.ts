import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from '../cluster/cluster.ts';
import type { Chapter } from './closing.ts';
import { Gauge } from './gauge.ts';
import type { Measured } from './gauge.ts';
import { look, NAMESPACE, PLAIN, serviceOf } from './look.ts';
import type { DemoPod, Look } from './look.ts';

/** How often the cluster is read. */
const PERIOD_MS = 200;
/** Whole for this long is whole. */
const STEADY_MS = 2_000;
/** The plain Deployment is waited for this much longer than the Kitchen. */
const PATIENCE_MS = 30_000;
/** No event takes longer than this to be made good; then its reading says so. */
const LIMIT_MS = 240_000;

/** What the story needs of its stage. */
export interface Stage {
  readonly cluster: Cluster;
  readonly kitchen: Measured;
  readonly plain: Measured;
  readonly signal: AbortSignal;
  /** Called with every look and the title of what is going on. */
  show(seen: Look, title: string): void;
  /** Called once an event, when it begins. */
  tell(line: string): void;
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
    story: () => 'One pod of each is deleted by hand.',
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
    story: (node) => `${node} loses its power. Kubernetes notices after about 50 s and makes replacements after 350 s.`,
    happens: async ({ cluster }, node) => void (await cluster.kill('node', node)),
  },
  {
    title: 'the node comes back',
    story: (node) => `${node} has power again.`,
    happens: async ({ cluster }, node) => void (await cluster.heal('node', node)),
  },
];

/** Plays the events one after another; resolves to what each did. */
export async function play(stage: Stage): Promise<readonly Chapter[]> {
  const chapters: Chapter[] = [];
  let node = '';
  for (const event of events) {
    if (event.title !== 'the node comes back') node = sharedNode(await look(stage.cluster.api), stage.kitchen.service);
    stage.tell(`${event.title}: ${event.story(node)}`);
    chapters.push(await chapter(stage, event, node));
  }
  return chapters;
}

async function chapter(stage: Stage, event: Event, node: string): Promise<Chapter> {
  const began = performance.now();
  const kitchen = new Gauge(stage.kitchen, began);
  const plain = new Gauge(stage.plain, began);
  let over = false;
  const happening = event.happens(stage, node).finally(() => {
    over = true;
  });
  let kitchenWholeMs: number | undefined;
  for (;;) {
    stage.signal.throwIfAborted();
    const seen = await look(stage.cluster.api);
    const now = performance.now();
    kitchen.count(seen, now);
    plain.count(seen, now);
    stage.show(seen, event.title);
    const isWhole = over && steady(kitchen);
    kitchenWholeMs = isWhole ? (kitchenWholeMs ?? now) : undefined;
    if (isWhole && (steady(plain) || now - (kitchenWholeMs ?? now) > PATIENCE_MS)) break;
    if (now - began > LIMIT_MS) break;
    await pause(PERIOD_MS, undefined, { signal: stage.signal });
  }
  await happening;
  await event.ends?.(stage, node);
  return { title: event.title, kitchen: kitchen.reading(), plain: plain.reading() };
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
