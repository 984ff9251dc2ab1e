import { childLabels, stationSelector } from '../../api/labels.ts';
import type { Parent } from '../../model/owner.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** What a station's children are made for: its Kitchen controls them, so that they outlive the Station. */
export function parentOf({ station }: Snapshot): Parent {
  const { metadata, spec } = station;
  return {
    namespace: metadata.namespace ?? '',
    controller: metadata.ownerReferences?.find((owner) => owner.controller === true),
    owned: stationSelector(spec.kitchen, spec.station),
    labels: childLabels(spec.kitchen, spec.station),
  };
}
