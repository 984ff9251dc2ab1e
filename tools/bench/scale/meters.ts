import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { ProcessRecord } from '../../cluster/supervisor.ts';
import type { ByName } from './result.ts';

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

/** The sum of all samples with this name. */
export function sumOf(samples: readonly Sample[], name: string): number {
  return samples.filter((sample) => sample.name === name).reduce((total, { value }) => total + value, 0);
}

// An operator with thousands of stations on its hands may answer late.
const dispatcher = new Agent({ headersTimeout: 60_000, bodyTimeout: 60_000 });

/** A page of metrics, read now. Throws on any answer but 200. */
export async function metricsOf(url: string): Promise<readonly Sample[]> {
  // Each read takes a new connection: the server may close a kept one at this moment.
  const { statusCode, body } = await request(url, { dispatcher, reset: true });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 200)}`);
  return samplesIn(text);
}

/**
 * User and system time of each running process of a cluster so far, in ms, by name, and of this one as `bench`; Linux
 * counts it in hundredths of a second.
 */
export async function cpuMsOf(dir: string): Promise<ByName> {
  const times = (await running(dir)).map(async ({ name, pid }) => {
    const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return [name, (Number(stat[11]) + Number(stat[12])) * 10] as const;
  });
  const { user, system } = process.cpuUsage();
  return Object.fromEntries([...(await Promise.all(times)), ['bench', (user + system) / 1000]]);
}

/** What was used between two readings, in seconds; a process that ended in between is left out. */
export function cpuBetween(before: ByName, after: ByName): ByName {
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, Math.round((ms - (before[name] ?? 0)) / 10) / 100]),
  );
}

/** Memory that is resident, in MiB: now, and the most so far. */
export interface Resident {
  readonly now: number;
  readonly peak: number;
}

/** Memory of the operator; undefined when it does not run. */
export async function operatorRssOf(dir: string): Promise<Resident | undefined> {
  const operator = (await running(dir)).find(({ name }) => name === 'operator');
  return operator && (await residentOf(operator.pid));
}

/** Memory of a process that runs; Linux only. */
export async function residentOf(pid: number): Promise<Resident> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (field: string): number =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

async function running(dir: string): Promise<readonly ProcessRecord[]> {
  const all = JSON.parse(await readFile(join(dir, 'processes.json'), 'utf8')) as ProcessRecord[];
  return all.filter(({ ended }) => ended === undefined);
}
