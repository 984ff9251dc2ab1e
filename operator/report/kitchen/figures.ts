/*
 * Kitchen figures: sums up the statuses of a Kitchen's stations for the status of the Kitchen.
 *
 * A condition is True when it is True for all stations (`Progressing`: for any). Its message names the stations where
 * it is not.
 *
 * Hard part: a Station's status may be about an older spec. Such a Station is not Ready.
 *
 * Example: of 3 stations, `grill` is Available False. The Kitchen is Available False, with the message `grill: …`.
 */
import type { SurvivalStatus } from '../../api/status.ts';
import { heldBy } from '../../model/words.ts';
import { findCondition } from '../../api/conditions.ts';
import type { Condition, StatedCondition, SummaryConditionType } from '../../api/conditions.ts';
import type { ObservedStation, KitchenSnapshot } from '../../model/kitchenSnapshot.ts';
import type { KitchenPlan } from '../../model/kitchenPlan.ts';
import { leastSurvival } from './leastSurvival.ts';

type Stated<Type extends SummaryConditionType | 'Shifted'> = Extract<StatedCondition, { readonly type: Type }>;

/** What the Kitchen's status says, except transition times. */
export interface KitchenFigures {
  readonly stations: number;
  /** Stations whose condition Ready is True. */
  readonly ready: number;
  /** The least that any station survives. Undefined until every station has reported it. */
  readonly survival: SurvivalStatus | undefined;
  /**
   * `Ready`, `Available`, `Survivable` and `Progressing`, summed up over the stations, and `DemandContested` and
   * `Shifted` while they apply.
   */
  readonly conditions: readonly StatedCondition[];
}

/** The figures of one pass. */
export function kitchenFigures(snapshot: KitchenSnapshot, plan: KitchenPlan): KitchenFigures {
  const { stations } = snapshot;
  const pending = new Set(plan.steps.flatMap((step) => (step.kind === 'applyStation' ? [step.station] : [])));
  const notReady = stations.flatMap((station) => {
    const why = whyNotReady(station, pending);
    return why === undefined ? [] : [`${station.name}: ${why}`];
  });
  const survivals = stations.flatMap((station) => statusOf(station)?.survival ?? []);
  return {
    stations: stations.length,
    ready: stations.length - notReady.length,
    // A status that an older operator wrote has no survival until this operator has looked at the Station.
    survival: survivals.length < stations.length ? undefined : leastSurvival(survivals),
    conditions: [
      ready(notReady, plan),
      available(stations),
      survivable(stations),
      progressing(snapshot, plan),
      ...contested(plan),
      ...shifted(stations),
    ],
  };
}

function whyNotReady(station: ObservedStation, pending: ReadonlySet<string>): string | undefined {
  if (station.object.state === 'taken') return `its name belongs to ${station.object.by}`;
  if (station.object.state === 'deleting') return `its Station is being deleted${heldBy(station.object)}`;
  if (station.object.state === 'absent') return 'its Station does not exist yet';
  const { status, generation } = station.object;
  if (pending.has(station.name) || status?.observedGeneration !== generation)
    return 'the operator has not acted on its newest spec yet';
  const condition = findCondition(status.conditions ?? [], 'Ready');
  return condition?.status === 'True' ? undefined : (condition?.message ?? 'its status is not known yet');
}

function ready(notReady: readonly string[], { problems }: Pick<KitchenPlan, 'problems'>): Stated<'Ready'> {
  for (const reason of ['NameTaken', 'NameTooLong'] as const) {
    const named = problems.filter(({ kind }) => kind === reason).map(({ message }) => message);
    if (named.length > 0) return { type: 'Ready', status: 'False', reason, message: named.join('; ') };
  }
  if (notReady.length > 0) {
    return { type: 'Ready', status: 'False', reason: 'StationsNotReady', message: notReady.join('; ') };
  }
  const message = 'every station serves its demand and survives every declared loss';
  return { type: 'Ready', status: 'True', reason: 'AllServed', message };
}

/** The Kitchen sets a demand, and an autoscaler sets it too. Only a pass over the Kitchen can see both. */
function contested({ problems }: Pick<KitchenPlan, 'problems'>): readonly StatedCondition[] {
  const named = problems.filter(({ kind }) => kind === 'DemandContested').map(({ message }) => message);
  if (named.length === 0) return [];
  return [{ type: 'DemandContested', status: 'True', reason: 'ReplicasAndAutoscaler', message: named.join('; ') }];
}

/** The worst that any station says of its shifts. */
function shifted(stations: readonly ObservedStation[]): readonly StatedCondition[] {
  const { yes, not } = gather(stations, 'Shifted');
  const waiting = not.filter(({ condition }) => condition.reason !== 'Over');
  const said = [waiting, yes, not].find(({ length }) => length > 0);
  const [first] = said ?? [];
  if (said === undefined || first === undefined) return [];
  const status = first.condition.status === 'True' ? 'True' : 'False';
  const reason = first.condition.reason as Stated<'Shifted'>['reason'];
  return [{ type: 'Shifted', status, reason, message: words(said) }];
}

function available(stations: readonly ObservedStation[]): Stated<'Available'> {
  const { not, unknown } = gather(stations, 'Available');
  if (not.length > 0) return { type: 'Available', status: 'False', reason: 'BelowDemand', message: words(not) };
  if (unknown.length > 0) return { type: 'Available', status: 'Unknown', reason: 'Unknown', message: unheard(unknown) };
  return { type: 'Available', status: 'True', reason: 'DemandServed', message: 'demand of every station is served' };
}

function survivable(stations: readonly ObservedStation[]): Stated<'Survivable'> {
  const { not, unknown } = gather(stations, 'Survivable');
  const [worst] = not.toSorted((a, b) => Number(isMending(a)) - Number(isMending(b)));
  if (worst !== undefined) {
    const reason = worst.condition.reason as Stated<'Survivable'>['reason'];
    return { type: 'Survivable', status: 'False', reason, message: words(not) };
  }
  if (unknown.length > 0)
    return { type: 'Survivable', status: 'Unknown', reason: 'Unknown', message: unheard(unknown) };
  return {
    type: 'Survivable',
    status: 'True',
    reason: 'AsDeclared',
    message: 'every station survives every declared loss',
  };
}

function progressing(snapshot: KitchenSnapshot, { successors }: KitchenPlan): Stated<'Progressing'> {
  const { stations, kitchen, undeclared } = snapshot;
  if (undeclared.length > 0 && successors.length > 0 && kitchen.spec.paused !== true) {
    const leaving = undeclared.map(({ name }) => name).join(', ');
    const message = `${leaving}: no longer declared, and stays until ${successors.join(', ')} ${successors.length === 1 ? 'serves' : 'serve'}`;
    return { type: 'Progressing', status: 'True', reason: 'Pruning', message };
  }
  const { yes, unknown } = gather(stations, 'Progressing');
  const [first] = yes;
  if (first !== undefined) {
    const reason = first.condition.reason as Stated<'Progressing'>['reason'];
    return { type: 'Progressing', status: 'True', reason, message: words(yes) };
  }
  if (kitchen.spec.paused === true)
    return { type: 'Progressing', status: 'False', reason: 'Paused', message: 'paused' };
  if (unknown.length > 0) return { type: 'Progressing', status: 'True', reason: 'Starting', message: unheard(unknown) };
  return { type: 'Progressing', status: 'False', reason: 'Settled', message: 'nothing is under way' };
}

interface Said {
  readonly name: string;
  readonly condition: Condition;
}

/** Sorts the stations by the status of one of their conditions. */
function gather(
  stations: readonly ObservedStation[],
  type: SummaryConditionType | 'Shifted',
): { readonly yes: readonly Said[]; readonly not: readonly Said[]; readonly unknown: readonly string[] } {
  const all = stations.map(({ name, ...station }) => ({
    name,
    condition: findCondition(statusOf({ name, ...station })?.conditions ?? [], type),
  }));
  const said = all.flatMap(({ name, condition }) => (condition === undefined ? [] : [{ name, condition }]));
  return {
    yes: said.filter(({ condition }) => condition.status === 'True'),
    not: said.filter(({ condition }) => condition.status === 'False'),
    unknown: all
      .filter(({ condition }) => condition === undefined || condition.status === 'Unknown')
      .map(({ name }) => name),
  };
}

function statusOf({ object }: ObservedStation): Extract<ObservedStation['object'], { state: 'ours' }>['status'] {
  return object.state === 'ours' ? object.status : undefined;
}

/** Whether it is being mended. That is less bad than something that a person must cure. */
function isMending({ condition }: Said): boolean {
  return condition.reason === 'Restoring';
}

function words(said: readonly Said[]): string {
  return said.map(({ name, condition }) => `${name}: ${condition.message}`).join('; ');
}

function unheard(names: readonly string[]): string {
  return `${names.join(', ')}: nothing is known yet`;
}
