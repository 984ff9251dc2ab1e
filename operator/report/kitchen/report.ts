import { kitchens } from '../../api/resources.ts';
import { kitchenSteps } from '../../apply/kitchen/steps.ts';
import { hurryOf } from '../hurry.ts';
import type { Hurry } from '../hurry.ts';
import type { KitchenStatus } from '../../api/kitchen.ts';
import type { Reported, Reporting } from '../reporting.ts';
import { reportPass } from '../reportPass.ts';
import { kitchenStatus } from './status.ts';
import type { KitchenFacts } from './status.ts';

/**
 * Reports what was decided and done for a Kitchen. Its status has no field for decisions: they are in log and events.
 */
export async function reportKitchen(facts: KitchenFacts, reporting: Reporting): Promise<Reported> {
  const { metadata, status: before } = facts.snapshot.kitchen;
  const after = (_: unknown, now: string): ReturnType<typeof kitchenStatus> => kitchenStatus(facts, now);
  // Its other Stations may be about to tell something as well.
  const hurry = (said: KitchenStatus): Hurry => (hurryOf(before, said) === 'mustBeKnown' ? 'mustBeKnown' : 'underWay');
  const { results } = facts;
  return reportPass({ resource: kitchens, metadata, results, rows: kitchenSteps, before, after, hurry }, reporting);
}
