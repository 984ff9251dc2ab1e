import type { StepResult } from '../apply/result.ts';
import { messageOf, verdict } from '../kube/errors.ts';
import type { Log, LogFields } from './log.ts';

/** Logs what went wrong; a refusal that is only remembered was logged when it happened. */
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

/** Logs that a status could not be written: nothing else tells what it would have said. */
export function logUntold(log: Log, error: unknown, about: LogFields): void {
  const { kind } = verdict(error);
  if (kind === 'stale' || kind === 'gone') log.debug(`${kind}, looking again: ${messageOf(error)}`, about);
  else log.warn(messageOf(error), about);
}
