import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** One line of Prometheus' text: `workqueue_depth{name="station"} 3`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of a page of metrics. */
export function samplesIn(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text_ = '']) => [key, text_]),
    ),
    value: Number(value),
  }));
}

/** The sum of all samples with this name and with labels that match. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  passes: (labels: Sample['labels']) => boolean = () => true,
): number {
  return samples
    .filter((sample) => sample.name === name && passes(sample.labels))
    .reduce((total, { value }) => total + value, 0);
}

// The components use self-signed certificates. Metrics are no secret, so the certificates are not checked.
const dispatcher = new Agent({ connect: { rejectUnauthorized: false }, headersTimeout: 10_000, bodyTimeout: 10_000 });

/** A page of metrics, read now. Throws on any answer but 200. */
export async function metricsOf(url: string): Promise<readonly Sample[]> {
  // Each read takes a new connection: the server may close a kept one at this moment.
  const { statusCode, body } = await request(url, { dispatcher, reset: true });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 200)}`);
  return samplesIn(text);
}

/** How many keys waited in a component's queues over time. */
export interface Depth {
  readonly most: number;
  /** Time for which some key waited. */
  readonly busySeconds: number;
}

/** A function for each queue, by name, that reads how many keys wait now. */
export type Gauges = Readonly<Record<string, () => Promise<number>>>;

/** Reads the queues twice a second until it is stopped. `stop` resolves to how many keys waited in each. */
export function watchDepths(gauges: Gauges): { stop(): Promise<Readonly<Record<string, Depth>>> } {
  const stopped = new AbortController();
  const reading = Promise.all(
    Object.entries(gauges).map(async ([name, read]): Promise<readonly [string, Depth]> => {
      let most = 0;
      let busyMs = 0;
      for (let beforeMs = performance.now(); !stopped.signal.aborted;) {
        // A component that is too busy to answer counts as busy.
        const depth = await read().catch(() => 1);
        const nowMs = performance.now();
        most = Math.max(most, depth);
        if (depth > 0) busyMs += nowMs - beforeMs;
        beforeMs = nowMs;
        await pause(500, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
      return [name, { most, busySeconds: Math.round(busyMs / 100) / 10 }];
    }),
  );
  return {
    stop: async () => {
      stopped.abort();
      return Object.fromEntries(await reading);
    },
  };
}

/** User and system time of each of a cluster's processes so far, in ms, by name; Linux counts it in hundredths of a second. */
export async function cpuMsOf(dir: string): Promise<Readonly<Record<string, number>>> {
  const all = JSON.parse(await readFile(join(dir, 'processes.json'), 'utf8')) as { name: string; pid: number }[];
  const times = all.map(async ({ name, pid }) => {
    const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return [name, (Number(stat[11]) + Number(stat[12])) * 10] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

/** Memory of one of a cluster's processes that is resident, in MiB. */
export async function rssMibOf(dir: string, name: string): Promise<number> {
  const all = JSON.parse(await readFile(join(dir, 'processes.json'), 'utf8')) as { name: string; pid: number }[];
  const status = await readFile(`/proc/${all.find((each) => each.name === name)?.pid ?? 0}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
