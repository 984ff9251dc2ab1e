/*
 * Intent: builds what we want of a child, and says whether the live object already is so (held).
 *
 * An intent is held when the live object carries its hash, our field manager still owns every field of it, and no field
 * has another value. The last must be checked because admission changes what is written and leaves us the owner.
 *
 * The hash leaves out the figures of the spec (replicas, minAvailable). The Deployment controller copies annotations to
 * the ReplicaSet before it scales it: a hash that changed with every growth would cost one more write and a conflict
 * each time. Where only a figure differs, the write is a patch of that figure alone.
 *
 * Hard part: the pod template is not compared. Writing it again would replace pods in every zone at once, and admission
 * would change it again (see `admittedTemplate`).
 *
 * Example: a webhook sets the budget's minAvailable to 1. The hash fits and we own the field, but the value differs:
 * the intent is not held.
 */
import { apiVersionOf } from '../../api/kubernetes/resource.ts';
import type { Parent } from '../../model/owner.ts';
import type { Resource } from '../../api/kubernetes/resource.ts';
import type { Child, ChildView } from '../../model/child.ts';
import type { Json, JsonObject } from '../../api/kubernetes/json.ts';
import type { Intent, TakenBack } from '../../model/intent.ts';
import { annotations } from '../../api/labels.ts';
import { hashOf } from '../../api/hash.ts';
import { changedFields } from '../../api/kubernetes/changedFields.ts';
import type { ChangedField } from '../../api/kubernetes/changedFields.ts';
import { isOwned, takenFields } from '../../api/kubernetes/managedFields.ts';
import type { KubeObject } from '../../api/kubernetes/object.ts';

/** What differs from child to child. */
export interface ChildBody {
  readonly resource: Resource;
  readonly name: string;
  readonly live: Child<ChildView>;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  /** The spec without its figures. */
  readonly spec: JsonObject;
  readonly figures?: JsonObject;
  /** Hashed instead of the spec, where two ways to write one spec must have one hash. */
  readonly hashedAs?: JsonObject;
}

/** The whole of what we want of one child of a parent. */
export function childIntent(parent: Parent, child: ChildBody): Intent {
  const { namespace, controller } = parent;
  const ownerReferences = (controller === undefined ? [] : [controller]) as unknown as readonly Json[];
  const about = {
    labels: { ...parent.labels, ...child.labels },
    annotations: child.annotations ?? {},
    ownerReferences,
  };
  const hash = hashOf({ ...about, spec: child.hashedAs ?? child.spec });
  const { resource, name, live } = child;
  const metadata = {
    name,
    namespace,
    // Without the uid, an apply makes a deleted object again, even with a resource version. So a zone's Deployment that
    // was just deleted would come back, and no guard would have judged that.
    ...(live.state === 'ours' ? { uid: live.uid } : {}),
    ...about,
    annotations: { ...about.annotations, [annotations.intent]: hash },
  };
  const frame: JsonObject = { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata, spec: child.spec };
  const { figures } = child;
  const body = figures === undefined ? frame : { ...frame, spec: { ...child.spec, ...figures } };
  const taken = live.state === 'ours' ? takenBack(live, body) : [];
  return {
    resource,
    name,
    namespace,
    resourceVersion: undefined,
    body,
    ...(figures === undefined ? {} : { figures }),
    ...(live.state === 'ours' && differsOnlyIn(figures, { live, frame }) ? { onlyFigures: true } : {}),
    ...(taken.length === 0 ? {} : { takesBack: taken }),
    ...(live.state === 'absent' ? { newFor: { uid: controller?.uid ?? '', labels: parent.owned } } : {}),
  };
}

/** Fields that others changed and that the intent sets back, with their values now. */
function takenBack({ owned, others = [], live }: ChildView, body: JsonObject): readonly TakenBack[] {
  if (owned === undefined || live === undefined || others.length === 0) return [];
  const intent = body as unknown as KubeObject;
  const changed = changedFields(intent, live);
  return takenFields(intent, owned, others).flatMap(({ path, by }) => {
    const field = changed.find(
      (each) => each.path === path || each.path.startsWith(path) || path.startsWith(each.path),
    );
    return field === undefined ? [] : [{ ...field, by }];
  });
}

/** Whether a figure differs, and all else is as the intent asks. */
function differsOnlyIn(
  figures: JsonObject | undefined,
  { live, frame }: { readonly live: ChildView; readonly frame: JsonObject },
): boolean {
  return figures !== undefined && !hasFigures(live, figures) && isHeld(live, { body: frame });
}

/** The view of a child has a field for each of its figures, with the same name. */
function hasFigures(view: ChildView, figures: JsonObject): boolean {
  const found = view as unknown as JsonObject;
  return Object.entries(figures).every(([name, value]) => found[name] === value);
}

/** Whether the live child already is what the intent asks for. */
export function isHeld(view: ChildView, intent: Pick<Intent, 'body' | 'figures'>): boolean {
  const body = intent.body as unknown as KubeObject;
  return (
    carriesHash(view, intent) &&
    hasFigures(view, intent.figures ?? {}) &&
    view.owned !== undefined &&
    isOwned(view.owned, body) &&
    (view.live === undefined || changedOutside(body, view.live).length === 0)
  );
}

/** Fields of the intent, except those of its pod template, that have another value in the object. */
export function changedOutside(intent: KubeObject, found: KubeObject): readonly ChangedField[] {
  const { spec = {}, ...rest } = intent as KubeObject & { readonly spec?: JsonObject };
  const { template: _, ...asked } = spec;
  return changedFields({ ...rest, spec: asked } as KubeObject, found);
}

/** Whether the intent is the one that was applied last, even if others changed the object since. */
export function carriesHash(view: ChildView, intent: Pick<Intent, 'body'>): boolean {
  return view.intentHash === intentHashOf(intent);
}

/** The intent with a condition: the live object, which its uid names, still has this version. */
export function onlyIf(resourceVersion: string, intent: Intent): Intent {
  const metadata = { ...(intent.body['metadata'] as JsonObject), resourceVersion };
  return { ...intent, resourceVersion, body: { ...intent.body, metadata } };
}

/** The hash of what the intent asks for; a repeated write has the same. */
export function intentHashOf(intent: Pick<Intent, 'body'>): string | undefined {
  const metadata = intent.body['metadata'] as { readonly annotations?: Readonly<Record<string, string>> };
  return metadata.annotations?.[annotations.intent];
}
