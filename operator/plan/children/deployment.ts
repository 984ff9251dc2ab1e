/*
 * Deployment: what we want of the one Deployment that a station has in each zone, which makes the placement exact.
 *
 * Hard part: replicas and template are parts of one intent. Until a zone's turn in a rollout comes, the intent carries
 * the template that the zone runs now, so that growing never changes a pod.
 *
 * Example: a new template waits, and zone-a must grow from 3 to 4. The write has 4 replicas and the old template.
 */
import { deployments } from '../../api/kubernetes/resource.ts';
import { parentOf } from './parent.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { ZoneView } from '../../model/zone.ts';
import type { DeploymentView, GoodTemplate, RolloutFailure } from '../../model/child.ts';
import type { JsonObject } from '../../api/kubernetes/json.ts';
import type { BuiltTemplate } from './template.ts';
import type { Intent } from '../../model/intent.ts';
import { annotations, labels, zoneSelector } from '../../api/labels.ts';
import { builtTemplate, movedTemplate } from './template.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { asksBeyond } from '../station/rules/asks.ts';
import { childIntent } from './intent.ts';
import { defaultsOfVersion } from './defaults.ts';
import { deploymentName, zoneSlug } from '../../api/names.ts';
import { KUBERNETES_DEADLINE_SECONDS, progressDeadlineSeconds } from '../station/rules/progressDeadline.ts';
import { unservedByNewest } from './servicePorts.ts';
import { listAt, objectAt } from './json.ts';
import { ours } from '../station/picture.ts';
import { surgeIn } from '../station/room.ts';
import { wantedTemplate } from './minDomains.ts';

/** New pods come in addition to the old ones, and no old pod may be missing. */
const SURGE = { maxUnavailable: 0, maxSurge: '25%' } as const;

/** How many pods a rollout of a zone makes in addition to the old ones: ⌈25 % · r⌉. */
export function surgeOfRollout(replicas: number): number {
  return surgeIn(SURGE.maxSurge, replicas);
}

/**
 * Which template a zone's Deployment is to run. A good one to go back to comes without its body, which only its
 * ReplicaSet has. A Deployment that must still be made runs the newest template with `asItRuns` too, unless that has
 * failed elsewhere.
 */
type TemplateChoice =
  | 'newest'
  | 'asItRuns'
  | { readonly backTo: GoodTemplate; readonly failed: { readonly hash: string; readonly failure: RolloutFailure } };

/** What we want of a zone's Deployment. */
interface Want {
  readonly replicas: number;
  readonly template: TemplateChoice;
  /** Pods of each node for which evening out is tried now. */
  readonly evened?: string;
  /** How many pods may be missing. If not 0, no pod comes in addition: old ones go first. 0 if not given. */
  readonly maxUnavailable?: number;
  /** With the newest template: what to go back to if it fails. */
  readonly good?: GoodTemplate | undefined;
}

/** The intent of a zone's Deployment. */
export function deploymentIntent(snapshot: Snapshot, zone: ZoneView, want: Want): Intent {
  const { kitchen, station } = snapshot.station.spec;
  const { maxUnavailable = 0 } = want;
  const template = chosenTemplate(snapshot, zone, want.template);
  const { good } = want;
  const { body } = template;
  const declared = snapshot.zones.filter((each) => each.declared).map((each) => each.name);
  const evened = want.evened ?? ours(zone.deployment)?.evened;
  const minReadySeconds = defaultsOfVersion(template.defaults)?.minReadySeconds;
  const shape = {
    // Absent where a version of the defaults has none, so that an upgrade of the operator changes no intent.
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
    // A person who pauses the rollout takes this field from us, and we apply it again: a paused rollout would be waited
    // for without end.
    paused: false,
    ...deadlineOf(snapshot, template.body),
    selector: { matchLabels: zoneSelector(kitchen, station, zone.name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: maxUnavailable === 0 ? SURGE : { maxUnavailable, maxSurge: 0 } },
  };
  return childIntent(parentOf(snapshot), {
    resource: deployments,
    name: deploymentName(kitchen, station, zone.name),
    live: zone.deployment,
    labels: { [labels.zone]: zoneSlug(zone.name) },
    annotations: {
      [annotations.zone]: zone.name,
      [annotations.zones]: JSON.stringify(declared.toSorted()),
      [annotations.template]: template.hash,
      [annotations.defaults]: template.defaults,
      ...(evened === undefined ? {} : { [annotations.evened]: evened }),
      ...noteRollout(snapshot, ours(zone.deployment), { ...want, good: compared(snapshot, zone, { good, body }) }),
    },
    spec: { ...shape, template: template.body },
    figures: { replicas: want.replicas },
    hashedAs: { ...shape, template: { hash: template.hash, defaults: template.defaults } },
  });
}

/** The progress deadline where it is not that of Kubernetes, so that an upgrade of the operator changes few Deployments. */
function deadlineOf({ station }: Snapshot, body: JsonObject): { readonly progressDeadlineSeconds?: number } {
  const hasContainers = listAt(objectAt(body, 'spec'), 'containers').length > 0;
  const template = hasContainers ? (body as unknown as PodTemplate) : station.spec.template;
  const seconds = progressDeadlineSeconds(station.spec, template);
  return seconds === KUBERNETES_DEADLINE_SECONDS ? {} : { progressDeadlineSeconds: seconds };
}

/** Whether a zone's Deployment was made from the template that the user wants now. */
export function runsNewestTemplate(snapshot: Snapshot, deployment: DeploymentView): boolean {
  return deployment.templateHash === newestTemplateHash(snapshot);
}

/** Hash of the template that the user wants now. */
export function newestTemplateHash(snapshot: Snapshot): string {
  return wantedTemplate(snapshot).hash;
}

/** A bad template is noted for as long as its user wants it. The good one is noted until the next rollout notes another. */
function noteRollout(
  snapshot: Snapshot,
  live: DeploymentView | undefined,
  { template, good }: Want,
): Readonly<Record<string, string>> {
  if (template === 'newest') return goodNote(good);
  if (template !== 'asItRuns') return badNote(template.failed.hash, template.failed.failure);
  const { badTemplate, failure } = live ?? {};
  const isBad = badTemplate !== undefined && badTemplate === newestTemplateHash(snapshot);
  return { ...goodNote(live?.good), ...(isBad ? badNote(badTemplate, failure) : {}) };
}

function goodNote(good: GoodTemplate | undefined): Readonly<Record<string, string>> {
  if (good === undefined) return {};
  const { revision, hash, defaults, replicaSet, isProven, beyond } = good;
  return { [annotations.goodTemplate]: JSON.stringify({ revision, hash, defaults, replicaSet, isProven, beyond }) };
}

/** The note of the good template, with what the template that comes after it asks beyond it. */
function compared(
  snapshot: Snapshot,
  zone: ZoneView,
  { good, body }: { readonly good: GoodTemplate | undefined; readonly body: JsonObject },
): GoodTemplate | undefined {
  const before = good && bodyOf(snapshot, zone, good.hash);
  if (good === undefined || before === undefined) return good;
  const { beyond: _, ...rest } = good;
  const beyond = asksBeyond(before, body);
  return Object.keys(beyond).length === 0 ? rest : { ...rest, beyond };
}

/** A template as the zone would run it, taken from any zone that still runs it. */
function bodyOf(snapshot: Snapshot, zone: ZoneView, hash: string): JsonObject | undefined {
  const runs = (each: ZoneView): boolean => ours(each.deployment)?.templateHash === hash;
  const donor = runs(zone) ? zone : snapshot.zones.find((each) => each.name !== ANYWHERE && runs(each));
  const template = donor && ours(donor.deployment)?.template;
  if (donor === undefined || template === undefined || donor === zone) return template;
  return zone.name === ANYWHERE ? undefined : movedTemplate(template, donor.name, zone.name);
}

function badNote(hash: string, failure: RolloutFailure | undefined): Readonly<Record<string, string>> {
  if (failure === undefined) return { [annotations.badTemplate]: hash };
  const { reason, words } = failure;
  return { [annotations.badTemplate]: hash, [annotations.failure]: JSON.stringify({ reason, words }) };
}

function chosenTemplate(snapshot: Snapshot, zone: ZoneView, choice: TemplateChoice): BuiltTemplate {
  if (typeof choice !== 'string') return { body: {}, hash: choice.backTo.hash, defaults: choice.backTo.defaults };
  const kept = choice === 'asItRuns' ? templateThatStays(snapshot, zone) : undefined;
  if (kept !== undefined) return kept;
  const { kitchen, station } = snapshot.station.spec;
  const wanted = wantedTemplate(snapshot);
  return builtTemplate(wanted, { kitchen, station, zone: zone.name }, defaultsOf(snapshot, wanted.hash));
}

/** The template that goes on for now although it is not the newest: the zone's own or, in a new zone, that of another zone. */
function templateThatStays(snapshot: Snapshot, { name, deployment, newestUnfit }: ZoneView): BuiltTemplate | undefined {
  const own = ours(deployment);
  const donor = own === undefined && name !== ANYWHERE ? donorOf(snapshot, newestUnfit !== undefined) : undefined;
  const runs = own ?? (donor && ours(donor.deployment));
  if (runs?.templateHash === undefined || runsNewestTemplate(snapshot, runs)) return undefined;
  const { template, templateHash: hash, defaults = '' } = runs;
  return { body: donor === undefined ? template : movedTemplate(template, donor.name, name), hash, defaults };
}

/**
 * A zone whose template a new zone takes instead of the newest one. It runs the template that was good before the
 * newest failed, or the one to which the Service leads while the newest is held back. Where the newest fits no node of
 * the new zone (`isUnfit`), any zone with an older template will do.
 */
function donorOf(snapshot: Snapshot, isUnfit: boolean): ZoneView | undefined {
  const newest = newestTemplateHash(snapshot);
  const isHeldBack = unservedByNewest(snapshot).length > 0;
  return snapshot.zones.find(({ name, deployment }) => {
    const { badTemplate, templateHash } = ours(deployment) ?? {};
    const isBefore = name !== ANYWHERE && templateHash !== undefined && templateHash !== newest;
    return isBefore && (isUnfit || badTemplate === newest || isHeldBack);
  });
}

/**
 * The version of the defaults with which the template runs already. New defaults reach a station only with its user's
 * next change of the template, so all zones of one template share one version.
 */
function defaultsOf(snapshot: Snapshot, templateHash: string): string | undefined {
  const own = snapshot.zones.map((zone) => ours(zone.deployment));
  const notes = own.map((deployment) => deployment?.good);
  return (
    own.find((deployment) => deployment?.templateHash === templateHash)?.defaults ??
    notes.find((good) => good?.hash === templateHash)?.defaults
  );
}
