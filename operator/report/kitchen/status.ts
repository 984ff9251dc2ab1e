import { survivalStated } from '../survives.ts';
import { kitchenFigures } from './figures.ts';
import type { StepResult } from '../../apply/result.ts';
import type { StatedCondition } from '../../api/conditions.ts';
import type { KitchenStatus } from '../../api/kitchen.ts';
import type { KitchenSnapshot } from '../../model/kitchenSnapshot.ts';
import type { KitchenPlan, KitchenStep } from '../../model/kitchenPlan.ts';
import { conditionsAfter } from '../conditionsAfter.ts';

/** What the status of a Kitchen is made from. */
export interface KitchenFacts {
  readonly snapshot: KitchenSnapshot;
  readonly plan: KitchenPlan;
  readonly results: readonly StepResult<KitchenStep>[];
}

/** The status of a Kitchen: the planned figures, and what the API server refused. */
export function kitchenStatus({ snapshot, plan, results }: KitchenFacts, now: string): KitchenStatus {
  const { metadata, status: before } = snapshot.kitchen;
  const generation = metadata.generation ?? 0;
  const { stations, ready, survival, conditions } = kitchenFigures(snapshot, plan);
  const failure = blockedBy(results);
  const stated = conditions.map((condition) =>
    failure !== undefined && condition.type === 'Ready' ? failure : condition,
  );
  return {
    observedGeneration: generation,
    stations,
    ready,
    ...(survival === undefined ? {} : survivalStated(survival)),
    conditions: [...conditionsAfter(before?.conditions ?? [], stated, { generation, now })],
  };
}

function blockedBy(results: readonly StepResult<KitchenStep>[]): StatedCondition | undefined {
  for (const result of results) {
    if (result.outcome !== 'refused' && result.outcome !== 'trouble') continue;
    const reason = result.outcome === 'refused' ? result.reason : 'Trouble';
    return { type: 'Ready', status: 'False', reason, message: `station ${result.step.station}: ${result.message}` };
  }
  return undefined;
}
