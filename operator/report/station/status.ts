import { conditionsAfter } from '../conditionsAfter.ts';
import { selectorText, stationSelector } from '../../api/labels.ts';
import { zoneSummary } from '../../api/station.ts';
import type { StationStatus } from '../../api/station.ts';
import { statusLimits } from '../../api/status.ts';
import type { Decision, ZoneRow } from '../../api/status.ts';
import { alivePods, servingPods, surePods } from '../../model/pod.ts';
import { podsOf } from '../../model/snapshot.ts';
import type { ZoneView } from '../../model/zone.ts';
import { clip } from '../clip.ts';
import { wordsOf } from '../../apply/station/steps.ts';
import { priceOf } from './price.ts';
import type { StationFacts } from './facts.ts';
import { stationConditions } from './conditions.ts';
import { loadSaid, scaledByInWords } from './scalingCondition.ts';
import { survivalStated } from '../survives.ts';

/**
 * The status of a station. Equal facts give an equal status: `now` (RFC 3339) is used only for conditions that flipped.
 */
export function stationStatus(facts: StationFacts, fresh: readonly Decision[], now: string): StationStatus {
  const { snapshot, plan } = facts;
  const { spec, metadata, status: before } = snapshot.station;
  const demand = spec.replicas;
  const sure = surePods(podsOf(snapshot)).length;
  // The price counts these pods only: a pod without a node takes up no capacity yet, and a pod that is being deleted is
  // not there for a loss any more.
  const living = alivePods(podsOf(snapshot)).filter((pod) => pod.node !== undefined).length;
  const rows = snapshot.zones
    .map((zone) => zoneRow(zone, plan.zoneTargets.get(zone.name) ?? 0))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const generation = metadata.generation ?? 0;
  const scaledBy = scaledByInWords(facts);
  const load = loadSaid(facts);
  return {
    observedGeneration: generation,
    demand,
    target: plan.target,
    ready: servingPods(podsOf(snapshot)).length,
    replicas: demand,
    selector: selectorText(stationSelector(spec.kitchen, spec.station)),
    ...survivalStated(plan.survival),
    surplus: Math.max(0, sure - demand),
    zones: rows.slice(0, statusLimits.zones),
    ...shiftedIn(plan),
    zoneSummary: clip(zoneSummary(rows), statusLimits.zoneSummary),
    conditions: [...conditionsAfter(before?.conditions ?? [], stationConditions(facts), { generation, now })],
    ...(scaledBy === undefined ? {} : { scaledBy }),
    ...(load === undefined ? {} : { load }),
    price: priceOf(spec.template, Math.max(0, living - demand)),
    decisions: [...fresh.toReversed(), ...(before?.decisions ?? [])].slice(0, statusLimits.decisions),
    waiting: waitingLines(facts),
  };
}

/** The zones that hubs send nothing to: they go by this. */
function shiftedIn({ shifts }: StationFacts['plan']): Pick<StationStatus, 'shifted'> {
  const shifted = shifts.filter(({ isLeft }) => isLeft).map(({ zone }) => zone);
  return shifted.length === 0 ? {} : { shifted };
}

/** The zone as a row for people. A zone that is no longer declared is `Leaving`, in every state. */
function zoneRow(zone: ZoneView, target: number): ZoneRow {
  const state = zone.declared ? zoneStateInWords(zone) : 'Leaving';
  return { name: zone.name, state, target, ready: servingPods(zone.pods).length };
}

function zoneStateInWords({ state, full }: ZoneView): ZoneRow['state'] {
  if (state === 'live') return full === undefined ? 'Live' : 'Full';
  return ({ failing: 'Failing', returning: 'Returning', lost: 'Lost', shifted: 'Shifted', absent: 'Missing' } as const)[
    state
  ];
}

/** One line for each wait. While paused, the steps that would be done come first. */
function waitingLines({ snapshot, plan }: StationFacts): string[] {
  const held = snapshot.station.spec.paused ? plan.steps : [];
  const lines = [
    ...held.map((step) => `paused, would ${wordsOf(step)}: ${step.why}`),
    ...plan.waits.map(({ what, why }) => `${what}: ${why}`),
  ];
  return [...new Set(lines)].slice(0, statusLimits.waitings).map((line) => clip(line, statusLimits.waiting));
}
