import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

/** From 0 to below 1. */
export type Chance = () => number;

/** Each connection goes to a pod by chance and stays there, as behind the address of a plain Service. */
export function throughKubeProxy(pods: readonly Pod[], chance: Chance = Math.random): Way {
  return {
    doors: 1,
    next: () => {
      const pod = pods[Math.floor(chance() * pods.length)];
      if (pod === undefined) throw new Error('there is no pod');
      return pod;
    },
    check: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
