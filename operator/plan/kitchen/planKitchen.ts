/*
 * Kitchen: in one pass over a Kitchen, applies its Stations, hands over demand that others set, deletes what is no
 * longer declared, and sums up.
 *
 * Hard part: demand (`spec.replicas` of a Station). Where the Kitchen gives it, it is part of the intent. Where not, an
 * autoscaler or a person sets it. Then we must not drop it (the API server removes a field when its only owner stops
 * applying it), and we must not take it back. So we apply it once, when the Station is made. Then a second field
 * manager of ours becomes an owner of the value that is there. Only after that does the intent leave it out.
 *
 * Stations that are no longer declared go last, not before every new station serves: a new one may be their successor.
 *
 * Example: a person renames station `grill` to `oven`. `oven` is made first, and `grill` is deleted when `oven` is
 * Available.
 */
import { findCondition } from '../../api/conditions.ts';
import { defaultedStations } from '../../api/defaults.ts';
import type { DefaultedStation } from '../../api/defaults.ts';
import { nameProblem, stationName } from '../../api/names.ts';
import type { ObservedStation, KitchenSnapshot, UndeclaredStation } from '../../model/kitchenSnapshot.ts';
import { isHeld } from '../children/intent.ts';
import { demandHandover, demandToApply, stationIntent } from '../children/station.ts';
import type { KitchenPlan, KitchenStep, StationProblem } from '../../model/kitchenPlan.ts';

/** What to do now for one Kitchen. */
export function planKitchen(snapshot: KitchenSnapshot): KitchenPlan {
  const specs = defaultedStations(snapshot.kitchen);
  const pairs = snapshot.stations.flatMap((station, index) => {
    const spec = specs[index];
    return spec === undefined ? [] : [{ station, spec }];
  });
  const problems = pairs.flatMap(({ station, spec }) => problemsWith(snapshot, station, spec));
  const successors = stationsYetToServe(snapshot);
  const steps = [
    ...pairs.flatMap(({ station, spec }) => stepsFor(snapshot, station, spec)),
    ...(successors.length === 0 ? pruneSteps(snapshot) : []),
  ];
  return { steps, problems, successors };
}

function stepsFor(snapshot: KitchenSnapshot, station: ObservedStation, spec: DefaultedStation): readonly KitchenStep[] {
  const { state } = station.object;
  if (state === 'taken' || state === 'deleting' || nameProblem(spec.kitchen, spec.station) !== undefined) return [];
  const live = station.object.state === 'ours' ? station.object : undefined;
  const intent = stationIntent(snapshot.kitchen, spec, demandToApply(station, spec));
  const held = live !== undefined && isHeld(live, intent);
  const handing = spec.replicas === undefined && live?.demandOwner === 'operator' && live.replicas !== undefined;
  return [
    ...(held ? [] : [{ kind: 'applyStation' as const, station: station.name, intent, why: whyApply(station, spec) }]),
    ...(handing
      ? [
          {
            kind: 'handDemand' as const,
            station: station.name,
            intent: demandHandover(snapshot.kitchen, live),
            why: `the Kitchen gives no replicas for ${station.name}: its demand of ${live.replicas} is left to ${spec.scale === undefined ? 'autoscalers and people' : 'its load'}`,
          },
        ]
      : []),
  ];
}

function whyApply(station: ObservedStation, spec: DefaultedStation): string {
  const demand = demandToApply(station, spec);
  if (station.object.state === 'absent') {
    if (spec.replicas !== undefined) return `${station.name} is declared with a demand of ${demand}`;
    if (station.rememberedDemand === undefined && spec.scale !== undefined)
      return `${station.name} is declared; its demand follows load, and begins with minReplicas, ${demand}`;
    return station.rememberedDemand === undefined
      ? `${station.name} is declared; no demand is given yet, so it begins with ${demand}`
      : `${station.name} is declared, and its Deployments remember a demand of ${demand}`;
  }
  return `${station.name} differs from what the Kitchen declares`;
}

/** The first status of a Station comes within this time of its creation, on a busy machine too. */
const FIRST_SAID_MS = 60_000;

/**
 * New stations that have not served yet. A person who renames a station declares a new one and takes the old one out.
 * The old one stays until the new one serves.
 */
function stationsYetToServe({ kitchen, stations }: KitchenSnapshot): readonly string[] {
  const mayBegin = ({ name, object }: ObservedStation): boolean =>
    object.state !== 'taken' && nameProblem(kitchen.metadata.name, name) === undefined;
  return stations.filter((station) => mayBegin(station) && !hasServed(station.object)).map(({ name }) => name);
}

/**
 * Whether the station is Available, or was once: a condition that was never True dates from the Station's first status.
 * A station without room may need the room of the old one, so it is not waited for.
 */
function hasServed(object: ObservedStation['object']): boolean {
  if (object.state !== 'ours') return false;
  const conditions = object.status?.conditions ?? [];
  const available = findCondition(conditions, 'Available');
  if (available === undefined) return false;
  if (findCondition(conditions, 'NoRoom') !== undefined) return true;
  const saidAfterMs = Date.parse(available.lastTransitionTime) - Date.parse(object.createdAt);
  return available.status === 'True' || saidAfterMs > FIRST_SAID_MS;
}

/** Paused means that nothing that runs is touched. Stations are applied all the same, or they would not learn of the pause. */
function pruneSteps({ kitchen, undeclared }: KitchenSnapshot): readonly KitchenStep[] {
  if (kitchen.spec.paused === true) return [];
  return undeclared.map((station) => ({
    kind: 'pruneStation',
    station: station.name,
    namespace: kitchen.metadata.namespace ?? '',
    objects: station.objects,
    why: `${station.name} is no longer declared: ${objectsInWords(station)} go`,
  }));
}

function objectsInWords({ objects }: UndeclaredStation): string {
  return objects.map(({ resource, name }) => `${resource.kind} ${name}`).join(', ');
}

function problemsWith(
  { kitchen }: KitchenSnapshot,
  { name: station, object, autoscalers }: ObservedStation,
  spec: DefaultedStation,
): readonly StationProblem[] {
  const problems: StationProblem[] = [];
  const tooLong = nameProblem(spec.kitchen, spec.station);
  if (tooLong !== undefined) problems.push({ kind: 'NameTooLong', station, message: tooLong });
  if (object.state === 'taken') {
    const whole = stationName(kitchen.metadata.name, station);
    const message = `Station ${whole} belongs to ${object.by}: rename the station or the Kitchen, or remove that object`;
    problems.push({ kind: 'NameTaken', station, message });
  }
  if (spec.replicas !== undefined && autoscalers.length > 0) {
    const message = `replicas of ${station} are given by the Kitchen and set by HorizontalPodAutoscaler ${autoscalers.join(', ')}: take one of the two out`;
    problems.push({ kind: 'DemandContested', station, message });
  }
  return problems;
}
