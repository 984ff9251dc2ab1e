import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import type { SimPod } from './objects.ts';

/**
 * What is wrong with a template. Its image cannot be had, ends at once, or never gets Ready (`pull`, `crash`, `unready`); its
 * pods are refused by the API server (`refuse`), rejected by the kubelet (`reject`), looked at by no scheduler
 * (`scheduler`), or so big that they fit nowhere (`big`).
 */
export const faults = ['pull', 'crash', 'unready', 'refuse', 'reject', 'scheduler', 'big'] as const;
export type Fault = (typeof faults)[number];

/** The name of a good image that takes long to start, as its probe allows. */
const SLOW = 'slow';
/** So long it takes, and so long its probe allows. */
export const slowStartMs = 13 * 60_000;
const startupProbe = { periodSeconds: 10, failureThreshold: 120 };

/** A pod template by its number; its image's name tells what is special about it. */
export function templateOf(version: number, special?: Fault | typeof SLOW): PodTemplate {
  const container = {
    name: 'grill',
    image: `example.org/${special ?? 'grill'}:${version}`,
    ...(special === 'big' ? { resources: { requests: { cpu: '400' } } } : {}),
    ...(special === SLOW ? { startupProbe } : {}),
  };
  return { spec: { containers: [container], ...(special === 'scheduler' ? { schedulerName: 'nobody' } : {}) } };
}

interface Trouble {
  readonly phase: 'Pending' | 'Running' | 'Failed';
  readonly waiting?: SimPod['waiting'];
  readonly failed?: SimPod['failed'];
}

/** What is special about a template; undefined for a good one that starts like any other. */
export function specialOf(template: JsonObject): Fault | typeof SLOW | undefined {
  const name = /example\.org\/([a-z]+):/.exec(JSON.stringify(template['spec'] ?? {}))?.[1];
  return [...faults, SLOW].find((each): each is Fault | typeof SLOW => each === name);
}

/** What a kubelet reports of a pod of this template that will not serve; undefined for a good one. */
export function troubleOf(template: JsonObject): Trouble | undefined {
  return troubles[specialOf(template) ?? SLOW];
}

const troubles: Readonly<Partial<Record<Fault | typeof SLOW, Trouble>>> = {
  pull: { phase: 'Pending', waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
  crash: { phase: 'Running', waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting' } },
  unready: { phase: 'Running' },
  reject: { phase: 'Failed', failed: { reason: 'SysctlForbidden', message: 'Pod was rejected: forbidden sysctl' } },
};
