import type { Labels } from '../../api/labels.ts';
import { annotations, stationSelector } from '../../api/labels.ts';
import type { Station } from '../../api/station.ts';
import type { DeploymentObject } from '../objects.ts';
import { takenBy } from '../ownership.ts';
import type { ChildOwner } from '../../model/owner.ts';
import type { SnapshotParts } from './parts.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { selects } from '../selects.ts';

interface Metadata {
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

/** Names of budgets that are not ours and select our pods, by the labels of Deployments' and Station's templates. */
export function foreignBudgets(parts: SnapshotParts, owner: ChildOwner): readonly string[] {
  const { template } = parts.station.object.spec;
  const fromStation = {
    ...template.metadata?.labels,
    ...stationSelector(parts.station.kitchen, parts.station.station),
  };
  const labelSets = [fromStation, ...parts.deployments.map((deployment) => metadataOf(deployment).labels ?? {})];
  return parts.budgets
    .filter((budget) => budget.name !== parts.station.name || takenBy(budget, owner) !== undefined)
    .filter(({ selector }) => selector !== undefined && labelSets.some((labels) => selects(selector, labels)))
    .map(({ name }) => name)
    .toSorted();
}

/** Autoscalers that scale a Deployment of the station itself, each with that Deployment. */
export function scaledChildren({ childAutoscalers }: SnapshotParts): NonNullable<Snapshot['scaledChildren']> {
  return childAutoscalers
    .map(({ name, target }) => ({ autoscaler: name, deployment: target.name }))
    .toSorted((a, b) => (`${a.autoscaler} ${a.deployment}` < `${b.autoscaler} ${b.deployment}` ? -1 : 1));
}

/**
 * The time of the newest restart that was asked for, as written. The Station has it; for a Station that was made again,
 * the templates of its Deployments still have it.
 */
export function newestRestart(station: Station, deployments: readonly DeploymentObject[]): string | undefined {
  const told = [
    station.metadata.annotations?.[annotations.restartedAt],
    ...deployments.map((deployment) => metadataOf(deployment).annotations?.[annotations.restartedAt]),
  ];
  return told
    .filter((time) => time !== undefined && !Number.isNaN(Date.parse(time)))
    .reduce(
      (newest, time) => (newest === undefined || Date.parse(time ?? '') > Date.parse(newest) ? time : newest),
      undefined,
    );
}

function metadataOf({ template }: DeploymentObject): Metadata {
  return (template['metadata'] ?? {}) as Metadata;
}
