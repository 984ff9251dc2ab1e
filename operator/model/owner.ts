import type { OwnerReference } from '../api/kubernetes/object.ts';
import type { Labels } from '../api/labels.ts';

/** The owner of a child: the object that controls it, by its uid, and the labels that all children of that object carry. */
export interface ChildOwner {
  readonly uid: string;
  readonly labels: Labels;
}

/** The object that children are made for. */
export interface Parent {
  readonly namespace: string;
  /** The reference to the object that controls them; undefined while none does. */
  readonly controller: OwnerReference | undefined;
  /** Labels that tell its children from those of other parents. */
  readonly owned: Labels;
  /** All labels of its children. */
  readonly labels: Labels;
}
