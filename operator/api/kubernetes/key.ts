declare const keyed: unique symbol;

/** Names one object among those of its kind; `keyOf` alone makes it. */
export type Key = string & { readonly [keyed]: true };

/** Where an object is. A namespace is left out or empty for objects without one, the cluster for those of the one we run in. */
export interface KeyParts {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** `namespace/name`, or `name` for objects without a namespace, after `cluster:` where a cluster is named. */
export function keyOf({ cluster = '', namespace = '', name = '' }: KeyParts): Key {
  const place = namespace === '' ? name : `${namespace}/${name}`;
  return (cluster === '' ? place : `${cluster}:${place}`) as Key;
}
