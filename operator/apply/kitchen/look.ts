import type { Key } from '../../api/kubernetes/key.ts';
import { kitchens } from '../../api/resources.ts';
import type { KitchenPlan } from '../../model/kitchenPlan.ts';
import type { KitchenSnapshot } from '../../model/kitchenSnapshot.ts';
import { takeKitchenSnapshot } from '../../observe/kitchen/takeKitchenSnapshot.ts';
import type { Stores } from '../../observe/stores.ts';
import { planKitchen } from '../../plan/kitchen/planKitchen.ts';
import type { Writing } from '../write.ts';

/** What a look at a Kitchen needs. */
interface KitchenLooking extends Writing {
  readonly stores: Stores;
}

/** The snapshot of a Kitchen from the stores; undefined when there is nothing to look after. */
export function lookAtKitchen(key: Key, { stores }: Pick<KitchenLooking, 'stores'>): KitchenSnapshot | undefined {
  return takeKitchenSnapshot(key, stores);
}

/**
 * Plans again with the Kitchen read from the API server. Used before a station is deleted: perhaps the Kitchen declares
 * it again.
 */
export async function planKitchenAgain(key: Key, looking: KitchenLooking): Promise<KitchenPlan | undefined> {
  const known = looking.stores.kitchens.get(key);
  if (known === undefined) return undefined;
  const { namespace, name } = known;
  const options = { timeoutMs: 5_000, doing: `looking again at ${name}` };
  looking.learn(kitchens, await looking.client.get({ resource: kitchens, namespace, name }, options));
  const snapshot = lookAtKitchen(key, looking);
  return snapshot && planKitchen(snapshot);
}
