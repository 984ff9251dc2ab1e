import type { ChildOwner } from './owner.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { ChangedField } from '../api/kubernetes/changedFields.ts';

/** The whole of what we want of one child, ready to be applied; its annotation `kitchen.dev/intent` carries its hash. */
export interface Intent {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
  /**
   * The write is refused unless the live object still has this version; undefined: whatever its version. That it is still the
   * same object is asked by the uid in the body's metadata, which is there as soon as we know of one.
   */
  readonly resourceVersion: string | undefined;
  readonly body: JsonObject;
  /** What others changed since it was applied last. */
  readonly takesBack?: readonly TakenBack[];
  /** We know of no such object yet: what has the name all the same must be this owner's. */
  readonly newFor?: ChildOwner;
}

/** A field that somebody changed. */
export interface TakenBack extends ChangedField {
  readonly by: string;
}
