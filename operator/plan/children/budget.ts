import { podDisruptionBudgets } from '../../api/kubernetes/resource.ts';
import { parentOf } from './parent.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Intent } from '../../model/intent.ts';
import { childIntent } from './intent.ts';
import { stationName } from '../../api/names.ts';
import { annotations, stationSelector } from '../../api/labels.ts';

/**
 * One budget over all pods of a station. `minAvailable` is a whole number, so that a surge turns into allowance.
 * `AlwaysAllow` keeps a pod that cannot become Ready from blocking a drain.
 */
export function budgetIntent(snapshot: Snapshot, minAvailable: number): Intent {
  const { kitchen, station } = snapshot.station.spec;
  return childIntent(parentOf(snapshot), {
    resource: podDisruptionBudgets,
    name: stationName(kitchen, station),
    live: snapshot.budget,
    // Not on the Deployments: their controller copies each annotation to the ReplicaSet.
    annotations: { [annotations.demand]: String(snapshot.station.spec.replicas) },
    figures: { minAvailable },
    spec: {
      selector: { matchLabels: stationSelector(kitchen, station) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}
