import type { PodObject } from '../objects.ts';
import type { Stores } from '../stores.ts';

/** Finds out whether the API calls a pod of any station on a node Ready. */
export function readyPodsIn({ pods }: Pick<Stores, 'pods'>): (node: string) => boolean {
  return (node) => pods.byIndex('node', node).some(isCalledReady);
}

/** Whether the API calls the pod Ready, and nothing else says that it ends. */
export function isCalledReady({ readyAt, deleting, ended }: PodObject): boolean {
  return readyAt !== undefined && !deleting && !ended;
}
