import type { Clock } from '../../operator/engine/clock.ts';
import { Store } from '../../operator/kube/store.ts';
import { kindNamed, kindNames } from '../../operator/observe/kinds.ts';
import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import type { Stores, WritableStores } from '../../operator/observe/stores.ts';

/** How many fields of stored objects were read so far, by kind. */
export type Reads = Record<keyof Stores, number>;

/** The operator's stores, whose objects count every read of one of their fields: work that grows shows, whoever does it. */
export function countedStores(clock: Clock): { readonly stores: WritableStores; readonly reads: Reads } {
  const reads = Object.fromEntries(kindNames.map((name) => [name, 0])) as Reads;
  const stores = kindNames.map((name) => {
    const { project, indexes } = kindNamed(name);
    const counting: ProxyHandler<object> = {
      get: (object, field, receiver) => {
        reads[name] += 1;
        return Reflect.get(object, field, receiver);
      },
    };
    const onError = (error: unknown): never => {
      throw error;
    };
    const counted = (raw: Parameters<typeof project>[0]): object | undefined => {
      const object = project(raw, undefined, usualSigns);
      return object && new Proxy(object, counting);
    };
    return [name, new Store({ name, clock, onError, indexes, project: counted })] as const;
  });
  return { stores: Object.fromEntries(stores) as unknown as WritableStores, reads };
}
