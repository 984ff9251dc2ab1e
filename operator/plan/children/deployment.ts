/*
 * One Deployment a station and zone makes the placement exact. Replicas are part of its one intent; the template is what
 * the zone runs now until its turn in a rollout comes, so that growing never changes a pod.
 */
import type { DeploymentView, JsonObject, Snapshot, ZoneView } from '../../observe/snapshot.ts';
import type { BuiltTemplate } from './template.ts';
import type { Intent } from '../plan.ts';
import { annotations, labels, zoneSelector } from '../../api/labels.ts';
import { builtTemplate, userTemplate } from './template.ts';
import { childIntent } from './intent.ts';
import { deploymentName, zoneSlug } from '../../api/names.ts';
import { ours } from '../picture.ts';

/** New pods beyond the old ones during a rollout; none may be missing. */
const MAX_SURGE = '25%';

/** Which template a zone's Deployment is to run. */
export type TemplateChoice = 'newest' | 'asItRuns';

/** The Deployment of a zone with so many replicas. */
export function deploymentIntent(
  snapshot: Snapshot,
  zone: ZoneView,
  want: { replicas: number; template: TemplateChoice; evened?: string },
): Intent {
  const { kitchen, station } = snapshot.station.spec;
  const template = chosenTemplate(snapshot, zone, want.template);
  const declared = snapshot.zones.filter((each) => each.declared).map((each) => each.name);
  const evened = want.evened ?? ours(zone.deployment)?.evened;
  const shape = {
    replicas: want.replicas,
    selector: { matchLabels: zoneSelector(kitchen, station, zone.name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: MAX_SURGE } },
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
    },
    spec: { ...shape, template: template.body },
    hashedAs: { ...shape, template: { hash: template.hash, defaults: template.defaults } },
  });
}

/** Whether a zone's Deployment was made from the template that the user wants now. */
export function runsNewestTemplate(snapshot: Snapshot, deployment: DeploymentView): boolean {
  return deployment.templateHash === wantedTemplate(snapshot).hash;
}

function chosenTemplate(snapshot: Snapshot, zone: ZoneView, choice: TemplateChoice): BuiltTemplate {
  const deployment = ours(zone.deployment);
  if (choice === 'asItRuns' && deployment?.templateHash !== undefined && !runsNewestTemplate(snapshot, deployment)) {
    const { template: body, templateHash: hash, defaults = '' } = deployment;
    return { body, hash, defaults };
  }
  const { kitchen, station } = snapshot.station.spec;
  const wanted = wantedTemplate(snapshot);
  return builtTemplate(wanted, { kitchen, station, zone: zone.name }, defaultsOf(snapshot, wanted.hash));
}

function wantedTemplate(snapshot: Snapshot): { body: JsonObject; hash: string } {
  return userTemplate(snapshot.station.spec.template, snapshot.restartedAt);
}

/** Defaults reach a station only with its user's next template change: zones of one template share one version. */
function defaultsOf(snapshot: Snapshot, templateHash: string): string | undefined {
  const deployments = snapshot.zones.map((zone) => ours(zone.deployment));
  return deployments.find((deployment) => deployment?.templateHash === templateHash)?.defaults;
}
