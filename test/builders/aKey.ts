import { keyOf } from '../../operator/api/kubernetes/key.ts';
import type { Key } from '../../operator/api/kubernetes/key.ts';

/** The key of `namespace/name`, or of `name` alone. */
export function aKey(text: string): Key {
  const [name, namespace] = text.split('/').toReversed();
  return keyOf({ namespace, name });
}
