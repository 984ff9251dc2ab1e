import type { Key } from '../api/kubernetes/key.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { GROUP } from '../api/labels.ts';
import { stationName } from '../api/names.ts';
import type { AutoscalerObject, BudgetObject, PodObject } from './objects.ts';

/*
 * Under which values objects are found in their stores. Keys of Stations, Kitchens and Deployments are `namespace/name`.
 */

interface Labelled {
  readonly namespace: string;
  readonly kitchen: string;
  readonly station: string;
}

/** The key of the Station that something labelled belongs to; none without labels of ours. */
export function stationKeys({ namespace, kitchen, station }: Labelled): readonly Key[] {
  return kitchen === '' || station === '' ? [] : [keyOf({ namespace, name: stationName(kitchen, station) })];
}

/** The key of the Kitchen that something labelled belongs to. */
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

/** Those of Kitchens select the pods of their own stations; any other may select those of every station of its namespace. */
export function looseIn({ namespace, controller }: BudgetObject): readonly string[] {
  return controller?.kind === 'Kitchen' ? [] : [namespace];
}

/** Pods that ended as Failed are many where a template is bad: who wants to see them asks for them. */
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
