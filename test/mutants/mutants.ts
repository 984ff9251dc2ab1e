import { children } from './children.ts';
import { failing } from './failing.ts';
import { fighting } from './fighting.ts';
import { growing } from './growing.ts';
import { givingUp } from './givingUp.ts';
import { hearing } from './hearing.ts';
import { meddled } from './meddled.ts';
import type { Mutant } from './mutant.ts';
import { labelling } from './labelling.ts';
import { placing } from './placing.ts';
import { protecting } from './protecting.ts';
import { rolling } from './rolling.ts';
import { waiting } from './waiting.ts';

/** Each breaks one guard. */
export const mutants: readonly Mutant[] = [
  ...givingUp,
  ...protecting,
  ...placing,
  ...hearing,
  ...labelling,
  ...children,
  ...failing,
  ...rolling,
  ...fighting,
  ...meddled,
  ...growing,
  ...waiting,
];
