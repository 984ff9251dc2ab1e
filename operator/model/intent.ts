import type { ChildOwner } from './owner.ts';
import type { JsonObject } from '../api/kubernetes/json.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { ChangedField } from '../api/kubernetes/changedFields.ts';

/**
 * All that we want of one child object, ready to be applied. Its annotation `kitchen.dev/intent` holds its hash, which
 * leaves out the figures.
 */
export interface Intent {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
  /**
   * The API server refuses the write unless the live object still has this version; undefined: any version will do. The
   * uid in the body's metadata is given as soon as we know it, so that the write never reaches another object of this
   * name.
   */
  readonly resourceVersion: string | undefined;
  readonly body: JsonObject;
  /** The fields of the spec that change with losses and demand: `replicas`, `minAvailable`. */
  readonly figures?: JsonObject;
  /** The object is as the body asks except for the figures: a merge patch of them is the whole write. */
  readonly onlyFigures?: true;
  /** Fields that others changed since the last apply, and that this write sets back. */
  readonly takesBack?: readonly TakenBack[];
  /** Given when we know no object of this name. If there is one after all, it must belong to this owner. */
  readonly newFor?: ChildOwner;
}

/** A field that another field manager changed. */
export interface TakenBack extends ChangedField {
  readonly by: string;
}
