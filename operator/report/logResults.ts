import type { StepResult } from '../apply/result.ts';
import type { Log, LogFields } from './log.ts';

/** Writes what went wrong into the log; a refusal that is only remembered was told when it happened. */
export function logFailures<S>(log: Log, results: readonly StepResult<S>[], about: LogFields): void {
  for (const result of results) {
    switch (result.outcome) {
      case 'done':
        break;
      case 'refused':
        if (!result.remembered) log.warn(`refused: ${result.message}`, about);
        break;
      case 'trouble':
        log.warn(result.message, about);
        break;
      case 'changed':
      case 'stale':
      case 'gone':
        log.debug(`${result.outcome}, looking again: ${result.message}`, about);
        break;
    }
  }
}
