import { fighting } from './fighting.ts';
import { givingUp } from './givingUp.ts';
import type { Mutant } from './mutant.ts';
import { placing } from './placing.ts';
import { protecting } from './protecting.ts';

/** Each breaks one guard. */
export const mutants: readonly Mutant[] = [...fighting, ...givingUp, ...protecting, ...placing];
