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
   * The API server refuses the write unless the live object still has this version; undefined: any version will do. The
   * uid in the body's metadata, given as soon as we know one, makes sure that it is still the same object.
   */
  readonly resourceVersion: string | undefined;
  readonly body: JsonObject;
  /** Fields that others changed since the last apply, and that this write sets back. */
  readonly takesBack?: readonly TakenBack[];
  /** Given when we know of no such object yet. If one with this name exists all the same, it must belong to this owner. */
  readonly newFor?: ChildOwner;
}

/** A field that another field manager changed. */
export interface TakenBack extends ChangedField {
  readonly by: string;
}
