import type { StepResult } from '../apply/result.ts';
import type { StatedCondition } from '../api/conditions.ts';
import type { KitchenStatus } from '../api/kitchen.ts';
import type { KitchenSnapshot } from '../model/kitchenSnapshot.ts';
import type { KitchenPlan, KitchenStep } from '../model/kitchenPlan.ts';
import { conditionsAfter } from './stationStatus.ts';
import { survivalStated } from './survives.ts';

/** Everything the words about a Kitchen are made of. */
export interface KitchenFacts {
  readonly snapshot: KitchenSnapshot;
  readonly plan: KitchenPlan;
  readonly results: readonly StepResult<KitchenStep>[];
}

/** What the operator says about a Kitchen: the planned figures, and what the API server would not have. */
export function kitchenStatus({ snapshot, plan, results }: KitchenFacts, now: string): KitchenStatus {
  const { metadata, status: before } = snapshot.kitchen;
  const generation = metadata.generation ?? 0;
  const { stations, ready, survival, conditions } = plan.figures;
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
