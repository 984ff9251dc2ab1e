/*
 * One Deployment a station and zone makes the placement exact. Replicas are part of its one intent; the template is what
 * the zone runs now until its turn in a rollout comes, so that growing never changes a pod.
 */
import type { Snapshot } from '../../model/snapshot.ts';
import type { ZoneView } from '../../model/zone.ts';
import type { DeploymentView, GoodTemplate, RolloutFailure } from '../../model/child.ts';
import type { JsonObject } from '../../api/kubernetes/json.ts';
import type { BuiltTemplate } from './template.ts';
import type { Intent } from '../../model/plan.ts';
import { annotations, labels, zoneSelector } from '../../api/labels.ts';
import { builtTemplate, movedTemplate } from './template.ts';
import { ANYWHERE } from '../../api/zone.ts';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { asksBeyond } from '../asks.ts';
import { childIntent } from './intent.ts';
import { defaultsOfVersion } from './defaults.ts';
import { deploymentName, zoneSlug } from '../../api/names.ts';
import { KUBERNETES_DEADLINE_SECONDS, progressDeadlineSeconds } from '../progressDeadline.ts';
import { unservedByNewest } from './servicePorts.ts';
import { listAt, objectAt } from './json.ts';
import { ours } from '../picture.ts';
import { surgeIn } from '../room.ts';
import { wantedTemplate } from './minDomains.ts';

/** New pods come beyond the old ones, none of which may be missing. */
const SURGE = { maxUnavailable: 0, maxSurge: '25%' } as const;

/** So many pods come beyond the old ones of a zone in a rollout: ⌈25 % · r⌉. */
export function surgeOfRollout(replicas: number): number {
  return surgeIn(SURGE.maxSurge, replicas);
}

/**
 * Which template a zone's Deployment is to run: a good one comes without its body, which only its ReplicaSet has. A
 * Deployment that is still to be made runs the newest `asItRuns` too, unless that has failed elsewhere.
 */
type TemplateChoice =
  | 'newest'
  | 'asItRuns'
  | { readonly backTo: GoodTemplate; readonly failed: { readonly hash: string; readonly failure: RolloutFailure } };

/** What is asked of a zone's Deployment. */
interface Want {
  readonly replicas: number;
  readonly template: TemplateChoice;
  /** Loads for which evening out is tried now. */
  readonly evened?: string;
  /** So many pods may be missing, and none comes beyond them: old ones go first. 0 if not given. */
  readonly maxUnavailable?: number;
  /** With the newest template: what to go back to should it fail. */
  readonly good?: GoodTemplate | undefined;
}

/** The Deployment of a zone with so many replicas. */
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
    // Absent where a version has none: an upgrade of the operator changes no intent.
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
    // Who pauses a rollout takes this field from us, and it is applied again: a paused one would be waited for without end.
    paused: false,
    ...deadlineOf(snapshot, template.body),
    replicas: want.replicas,
    selector: { matchLabels: zoneSelector(kitchen, station, zone.name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: maxUnavailable === 0 ? SURGE : { maxUnavailable, maxSurge: 0 } },
  };
  return childIntent(snapshot, {
    kind: 'Deployment',
    name: deploymentName(kitchen, station, zone.name),
    live: zone.deployment,
    labels: { [labels.zone]: zoneSlug(zone.name) },
    annotations: {
      [annotations.zone]: zone.name,
      [annotations.zones]: JSON.stringify(declared.toSorted()),
      [annotations.demand]: String(snapshot.station.spec.replicas),
      [annotations.template]: template.hash,
      [annotations.defaults]: template.defaults,
      ...(evened === undefined ? {} : { [annotations.evened]: evened }),
      ...rolloutNotes(snapshot, ours(zone.deployment), { ...want, good: compared(snapshot, zone, { good, body }) }),
    },
    spec: { ...shape, template: template.body },
    hashedAs: { ...shape, template: { hash: template.hash, defaults: template.defaults } },
  });
}

/** The progress deadline where it is not Kubernetes' own, so that an upgrade of the operator changes few Deployments. */
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

/** A bad template is remembered for as long as its user wants it, what was good until the next rollout notes anew. */
function rolloutNotes(
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

/** What is noted as good, with what the template that comes after it asks beyond it. */
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

/** A template as the zone would run it, from whichever zone still does. */
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
  const kept = choice === 'asItRuns' ? keptTemplate(snapshot, zone) : undefined;
  if (kept !== undefined) return kept;
  const { kitchen, station } = snapshot.station.spec;
  const wanted = wantedTemplate(snapshot);
  return builtTemplate(wanted, { kitchen, station, zone: zone.name }, defaultsOf(snapshot, wanted.hash));
}

/** What is not the newest, and goes on for now: the zone's own template, or in a new zone that of another. */
function keptTemplate(snapshot: Snapshot, { name, deployment, newestUnfit }: ZoneView): BuiltTemplate | undefined {
  const own = ours(deployment);
  const donor = own === undefined && name !== ANYWHERE ? donorOf(snapshot, newestUnfit !== undefined) : undefined;
  const runs = own ?? (donor && ours(donor.deployment));
  if (runs?.templateHash === undefined || runsNewestTemplate(snapshot, runs)) return undefined;
  const { template, templateHash: hash, defaults = '' } = runs;
  return { body: donor === undefined ? template : movedTemplate(template, donor.name, name), hash, defaults };
}

/**
 * A zone that runs what was good before the newest template failed, what the Service leads to while that is held back, or,
 * where the newest fits no node of the new zone (`isUnfit`), whatever runs.
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

/** Defaults reach a station only with its user's next template change: zones of one template share one version. */
function defaultsOf(snapshot: Snapshot, templateHash: string): string | undefined {
  const deployments = snapshot.zones.map((zone) => ours(zone.deployment));
  const notes = deployments.map((deployment) => deployment?.good);
  return (
    deployments.find((deployment) => deployment?.templateHash === templateHash)?.defaults ??
    notes.find((good) => good?.hash === templateHash)?.defaults
  );
}
