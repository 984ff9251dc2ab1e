import { interferences } from './faults.ts';
import { playUnder } from './playUnder.ts';

playUnder('an operator that does not hear or say everything', interferences);
