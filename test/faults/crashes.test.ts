import { crashes } from './faults.ts';
import { playUnder } from './playUnder.ts';

playUnder('an operator that crashes', crashes);
