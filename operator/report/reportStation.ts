import { findCondition } from '../api/conditions.ts';
import type { StationStatus } from '../api/station.ts';
import { surePods } from '../model/pod.ts';
import { podsOf } from '../model/snapshot.ts';
import { stations } from '../observe/resources.ts';
import { decisionsOf, wordsOf } from './decision.ts';
import type { Decided } from './decision.ts';
import type { LogFields } from './log.ts';
import { logFailures } from './logResults.ts';
import type { StationLabels } from './metrics.ts';
import { timeText } from './reporting.ts';
import type { Reported, Reporting } from './reporting.ts';
import { changeEvents, decisionEvent } from './stationEvents.ts';
import type { StationFacts } from './stationFacts.ts';
import { stationStatus } from './stationStatus.ts';
import { tell } from './tell.ts';

/**
 * Says what was seen, decided and done: log and metrics at once, status if it changed, then events. The status waits a
 * little while stations wait to be looked at.
 */
export async function reportStation(facts: StationFacts, reporting: Reporting): Promise<Reported> {
  const { station } = facts.snapshot;
  const { untold, clock } = reporting;
  const uid = station.metadata.uid ?? '';
  const about = { station: `${station.metadata.namespace ?? ''}/${station.metadata.name}` };
  const now = timeText(clock.now());
  const fresh = decisionsOf(facts.results, reporting.newId, now);
  logPass(facts, { fresh, about }, reporting);
  const decided = [...untold.newsOf(uid), ...fresh];
  const after = stationStatus(
    facts,
    decided.map(({ decision }) => decision),
    now,
  );
  measure(facts, after, reporting);
  const status = { resource: stations, metadata: station.metadata, before: station.status, after };
  const reported = await tell({ status, news: decided, untold, about }, reporting);
  if (reported.told !== true) return reported;
  for (const each of decided) reporting.events.record(decisionEvent(station, each));
  for (const note of changeEvents(station, after)) reporting.events.record(note);
  return reported;
}

function logPass(
  { results }: StationFacts,
  { fresh, about }: { readonly fresh: readonly Decided[]; readonly about: LogFields },
  { log }: Reporting,
): void {
  const decided = new Set(fresh.map(({ step }) => step));
  for (const { step, outcome } of results) {
    if (outcome === 'done' && !decided.has(step)) log.debug(`${wordsOf(step)}: ${step.why}`, about);
  }
  for (const { decision } of fresh) log.info(`${decision.what}: ${decision.why}`, { ...about, decision: decision.id });
  logFailures(log, results, about);
}

function measure({ snapshot, plan }: StationFacts, status: StationStatus, { metrics }: Reporting): void {
  const { spec, metadata } = snapshot.station;
  const labels: StationLabels = { namespace: metadata.namespace ?? '', kitchen: spec.kitchen, station: spec.station };
  const sure = surePods(podsOf(snapshot)).length;
  metrics.stationMeasured(labels, {
    demand: spec.replicas,
    target: plan.target,
    ready: status.ready ?? 0,
    surplus: status.surplus ?? 0,
    margin: sure - spec.replicas,
    survivable: findCondition(status.conditions ?? [], 'Survivable')?.status === 'True' ? 1 : 0,
  });
}
