import { givingUp } from './givingUp.ts';
import type { Mutant } from './mutant.ts';
import { placing } from './placing.ts';
import { protecting } from './protecting.ts';
import { rolling } from './rolling.ts';

/** Each breaks one guard. */
export const mutants: readonly Mutant[] = [...givingUp, ...protecting, ...placing, ...rolling];
