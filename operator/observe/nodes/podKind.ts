import type { PodTemplate } from '../../api/podtemplate.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { ZoneName } from '../../api/zone.ts';
import type { NodeObject } from '../objects.ts';
import { zoneOfNode } from './nodes.ts';
import type { Tenants } from './nodes.ts';
import { lastingTolerations } from './tolerations.ts';
import { isUsable } from './usable.ts';

/**
 * Pods that a node takes or does not take alike, and for which it leaves in the same way. Stations whose templates
 * differ in other things, such as the image, have pods of one kind.
 */
export interface PodKind {
  /** Equal for equal kinds. */
  readonly key: string;
  readonly takes: (node: NodeObject) => boolean;
  /** What they tolerate, and the newest template, by which a leaving node is judged. */
  readonly tenants: Tenants;
}

/** What a Deployment of ours runs, and where. */
export interface RunningTemplate {
  readonly zone: ZoneName;
  readonly template: PodTemplate;
}

/** Pods of the newest template. */
export function newestKind(newest: PodTemplate): PodKind {
  return kindFor(newest, placementKey(newest), (node) => isUsable(newest, node));
}

/** Pods that a station's Deployments make on the nodes of this zone; nodes are judged for the newest template. */
export function runningKind(running: readonly RunningTemplate[], zone: ZoneName, newest: PodTemplate): PodKind {
  const own = zone === ANYWHERE ? undefined : running.find((each) => each.zone === zone);
  const tied = running.map((each) => `${placementKey(each.template)} of ${each.zone}`);
  const key = own === undefined ? tied.join(' or ') : placementKey(own.template);
  return kindFor(newest, key, (node) => takesOneOf(running, node));
}

function kindFor(newest: PodTemplate, key: string, takes: PodKind['takes']): PodKind {
  const tolerations = [lastingTolerations(newest.spec.tolerations)];
  return { key: `${key} for ${tolerationKey(newest)}`, takes, tenants: { template: newest, tolerations } };
}

/**
 * Whether the node takes pods of the template that its zone's Deployment runs. If the zone has none: of any
 * Deployment's template, as if it were tied to this zone.
 */
function takesOneOf(running: readonly RunningTemplate[], node: NodeObject): boolean {
  const zone = zoneOfNode(node);
  const own = running.find((each) => each.zone === zone);
  if (own !== undefined) return isUsable(own.template, node);
  return running.some((each) => isUsable(each.template, node, each.zone === ANYWHERE ? undefined : each.zone));
}

const placementKeys = new WeakMap<PodTemplate['spec'], string>();
const tolerationKeys = new WeakMap<PodTemplate['spec'], string>();

/** Names what `isUsable` reads of a template: equal names, equal answers. */
export function placementKey({ spec }: PodTemplate): string {
  return remembered(placementKeys, spec, () => {
    const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    return JSON.stringify([spec.nodeSelector, required, spec.tolerations]);
  });
}

function tolerationKey({ spec }: PodTemplate): string {
  return remembered(tolerationKeys, spec, () => JSON.stringify(spec.tolerations ?? []));
}

function remembered<K extends object>(known: WeakMap<K, string>, of: K, text: () => string): string {
  const same = known.get(of);
  if (same !== undefined) return same;
  const key = shortFor(text());
  known.set(of, key);
  return key;
}

/** Short names for texts, since each look compares some. */
const shortNames = new Map<string, string>();
const LIMIT = 50_000;
let named = 0;

function shortFor(text: string): string {
  const same = shortNames.get(text);
  if (same !== undefined) return same;
  // Names are not used again, so two kinds never get the same one.
  if (shortNames.size >= LIMIT) shortNames.clear();
  named += 1;
  shortNames.set(text, String(named));
  return String(named);
}
