import { stationSelector } from '../api/labels.ts';
import type { ChildOwner } from '../model/owner.ts';
import type { ChildObject } from './objects.ts';
import type { Child, ChildView } from '../model/child.ts';

/**
 * Names the owner of an object that has a name we use; undefined when the object is ours. It is ours when our Kitchen
 * controls it, or when it has no controller and carries our labels. An orphaning delete or a restored backup leaves the
 * latter.
 */
export function takenBy(object: ChildObject, owner: ChildOwner): string | undefined {
  const { controller, kitchen, station } = object;
  if (controller !== undefined && controller.uid !== owner.uid) return `${controller.kind} ${controller.name}`;
  const carried = stationSelector(kitchen, station);
  if (Object.entries(owner.labels).every(([key, value]) => carried[key] === value)) return undefined;
  // Two stations of one Kitchen can produce the same name: `a` in zone `b-c`, and `a-b` in zone `c`.
  if (station !== '') return `station ${station} of Kitchen ${kitchen}`;
  return controller === undefined ? 'an unknown owner (it has no owner reference)' : undefined;
}

/** The state of a child, which says what we may do to it. */
export function childOf<T extends ChildObject, V extends ChildView>(
  object: T | undefined,
  owner: ChildOwner,
  view: (ours: T) => V,
): Child<V> {
  if (object === undefined) return { state: 'absent' };
  const by = takenBy(object, owner);
  if (by !== undefined) return { state: 'taken', name: object.name, by };
  if (object.deleting) return { state: 'deleting', name: object.name, finalizers: object.finalizers };
  return { state: 'ours', ...view(object) };
}

/** The fields that the views of all children have. */
export function childView({ name, uid, resourceVersion, intentHash, owned, live, others }: ChildObject): ChildView {
  return {
    name,
    uid,
    resourceVersion,
    intentHash,
    owned,
    ...(live === undefined ? {} : { live }),
    ...(others === undefined ? {} : { others }),
  };
}

/** The owner of the children of a station. */
export function stationOwner(kitchen: { readonly uid: string; readonly name: string }, station: string): ChildOwner {
  return { uid: kitchen.uid, labels: stationSelector(kitchen.name, station) };
}
