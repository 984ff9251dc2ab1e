import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { GROUP } from '../api/labels.ts';
import { stationName } from '../api/names.ts';
import type { AutoscalerObject, BudgetObject, PodObject } from './objects.ts';

/*
 * Indexes: the values under which objects are found in their stores. Keys of Stations, Kitchens and Deployments are
 * `namespace/name`.
 */

interface Labelled {
  readonly namespace: string;
  readonly kitchen: string;
  readonly station: string;
}

/** The key of the Station that an object belongs to by its labels; none without our labels. */
export function stationKeys({ namespace, kitchen, station }: Labelled): readonly Key[] {
  return kitchen === '' || station === '' ? [] : [keyOf({ namespace, name: stationName(kitchen, station) })];
}

/** The key of the Kitchen that an object belongs to by its labels. */
export function kitchenKeys({ namespace, kitchen }: Labelled): readonly Key[] {
  return kitchen === '' ? [] : [keyOf({ namespace, name: kitchen })];
}

/** The key of the Station that an autoscaler scales; none when it scales something else. */
export function targetKeys({ namespace, target }: AutoscalerObject): readonly Key[] {
  return target.group === GROUP && target.kind === 'Station' ? [keyOf({ namespace, name: target.name })] : [];
}

/** The key of the Deployment that an autoscaler scales; none when it scales something else. */
export function scaledDeployments({ namespace, target }: AutoscalerObject): readonly Key[] {
  return target.group === 'apps' && target.kind === 'Deployment' ? [keyOf({ namespace, name: target.name })] : [];
}

/** The namespace of an object. */
export function namespaceOf({ namespace }: { readonly namespace: string }): readonly string[] {
  return [namespace];
}

/**
 * The namespace of a budget that is not a Kitchen's: it may select the pods of every station there. A Kitchen's own
 * budget selects only one station's pods.
 */
export function looseIn({ namespace, controller }: BudgetObject): readonly string[] {
  return controller?.kind === 'Kitchen' ? [] : [namespace];
}

/**
 * Leaves out pods that ended as Failed. A bad template can leave thousands of them, so they have an index of their own.
 */
export function unlessFailed(keys: (pod: PodObject) => readonly string[]): (pod: PodObject) => readonly string[] {
  return (pod) => (pod.failed === undefined ? keys(pod) : []);
}

/** The key of the Station of a pod that ended as Failed. */
export function failedKeys(pod: PodObject): readonly Key[] {
  return pod.failed === undefined ? [] : stationKeys(pod);
}

/** The name of the node that a pod is on. */
export function nodeOf({ node }: PodObject): readonly string[] {
  return node === '' ? [] : [node];
}
