import type { StatedCondition } from '../api/conditions.ts';
import { progressingCondition } from './progressingCondition.ts';
import { readyCondition } from './readyCondition.ts';
import { podsOf, problemsIn, readyPods } from './stationFacts.ts';
import type { StationFacts } from './stationFacts.ts';
import { survivableCondition } from './survivableCondition.ts';

/** The four that every station has, then advice, only while there is something to say. */
export function stationConditions(facts: StationFacts): readonly StatedCondition[] {
  const available = availableCondition(facts);
  const progressing = progressingCondition(facts);
  const survivable = survivableCondition(facts, progressing.status === 'True');
  const ready = readyCondition(facts, [available, survivable, progressing]);
  return [ready, available, survivable, progressing, ...advice(facts)];
}

function availableCondition({ snapshot }: StationFacts): StatedCondition {
  const demand = snapshot.station.spec.replicas;
  const ready = readyPods(podsOf(snapshot));
  const message = `${ready} ready, demand is ${demand}`;
  return ready >= demand
    ? { type: 'Available', status: 'True', reason: 'DemandServed', message }
    : { type: 'Available', status: 'False', reason: 'BelowDemand', message };
}

function advice({ plan }: StationFacts): StatedCondition[] {
  const said: StatedCondition[] = [];
  const missing = problemsIn(plan, ['ZoneMissing']);
  if (missing !== undefined) said.push({ type: 'ZoneMissing', status: 'True', reason: 'NoNode', message: missing });
  const drain = problemsIn(plan, ['DrainNeedsOperator']);
  if (drain !== undefined)
    said.push({ type: 'DrainNeedsOperator', status: 'True', reason: 'NothingSpare', message: drain });
  const foreign = problemsIn(plan, ['ForeignBudget']);
  if (foreign !== undefined)
    said.push({ type: 'ForeignBudget', status: 'True', reason: 'TwoBudgets', message: foreign });
  return said;
}
