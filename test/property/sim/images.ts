import type { JsonObject } from '../../../operator/observe/snapshot.ts';
import type { SimPod } from './objects.ts';

/** What is wrong with an image: it cannot be had, it ends at once, or it never gets Ready. */
export type Fault = 'pull' | 'crash' | 'unready';

/** The image's name tells what is wrong with it. */
export function imageOf(version: number, fault?: Fault): string {
  return `example.org/${fault ?? 'grill'}:${version}`;
}

interface Trouble {
  readonly phase: 'Pending' | 'Running';
  readonly waiting: SimPod['waiting'];
}

/** What a kubelet reports of a pod of this template that will not serve; undefined for a good one. */
export function troubleOf(template: JsonObject): Trouble | undefined {
  const text = JSON.stringify(template['spec'] ?? {});
  const fault = /example\.org\/(pull|crash|unready):/.exec(text)?.[1];
  return fault === undefined ? undefined : troubles[fault as Fault];
}

const troubles: Readonly<Record<Fault, Trouble>> = {
  pull: { phase: 'Pending', waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
  crash: { phase: 'Running', waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting' } },
  unready: { phase: 'Running', waiting: undefined },
};
