import { growing } from './growing.ts';
import { givingUp } from './givingUp.ts';
import type { Mutant } from './mutant.ts';
import { placing } from './placing.ts';
import { protecting } from './protecting.ts';

/** Each breaks one guard. */
export const mutants: readonly Mutant[] = [...givingUp, ...protecting, ...placing, ...growing];
