declare const keyed: unique symbol;

/** Names one object among all objects of its kind. Only `keyOf` makes keys. */
export type Key = string & { readonly [keyed]: true };

/**
 * Where an object is. `namespace` is absent or empty for objects without one, and `cluster` for objects of our own
 * cluster.
 */
export interface KeyParts {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** `namespace/name`, or `name` for objects without a namespace. If a cluster is given, `cluster:` stands before it. */
export function keyOf({ cluster = '', namespace = '', name = '' }: KeyParts): Key {
  const place = namespace === '' ? name : `${namespace}/${name}`;
  return (cluster === '' ? place : `${cluster}:${place}`) as Key;
}
