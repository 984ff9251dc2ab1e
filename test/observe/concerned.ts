import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import type { Concern, Concerned } from '../../operator/observe/concerns.ts';
import { onConcern } from '../../operator/observe/onConcern.ts';
import type { WritableStores } from '../../operator/observe/stores.ts';

/** Whom a concern names, sorted: `station …` and `kitchen …`, with `soon` before it where the look can wait. */
export function inWords({ atOnce, soon }: Concern): readonly string[] {
  const words = ({ stations, kitchens }: Concerned, when: string): readonly string[] => [
    ...stations.map((key) => `${when}station ${key}`),
    ...kitchens.map((key) => `${when}kitchen ${key}`),
  ];
  return [...words(atOnce, ''), ...words(soon, 'soon ')].toSorted();
}

/** What a change concerns. */
export function concernsOf(stores: WritableStores, change: () => void): readonly string[] {
  const heard = new Set<string>();
  const stop = onConcern(stores, (concern) => {
    for (const each of inWords(concern)) heard.add(each);
  });
  change();
  stop();
  return [...heard].toSorted();
}

/** The object at its next version, with these changes. */
export function changed(object: object, over: object = {}): object {
  const { metadata } = object as KubeObject;
  const next = { ...object, ...over };
  const changedMetadata = (over as Partial<KubeObject>).metadata;
  return { ...next, metadata: { ...metadata, ...changedMetadata, resourceVersion: '100000' } };
}
