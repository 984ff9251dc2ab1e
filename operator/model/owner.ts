import type { OwnerReference } from '../api/kubernetes/object.ts';
import type { Labels } from '../api/labels.ts';

/** Whose a child is: the object that controls it, by its uid, and labels that all of that one's children carry. */
export interface ChildOwner {
  readonly uid: string;
  readonly labels: Labels;
}

/** What children are made for. */
export interface Parent {
  readonly namespace: string;
  /** Of the object that controls them; undefined while nobody does. */
  readonly controller: OwnerReference | undefined;
  /** Labels that tell its children from others'. */
  readonly owned: Labels;
  /** All labels of its children. */
  readonly labels: Labels;
}
