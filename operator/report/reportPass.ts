import { keyOf } from '../api/kubernetes/key.ts';
import type { StepResult } from '../apply/result.ts';
import { rowOf } from '../apply/step.ts';
import type { AnyStep, StepRows } from '../apply/step.ts';
import type { NamedMeta } from '../api/object.ts';
import type { Decision } from '../api/status.ts';
import { apiVersionOf } from '../api/kubernetes/resource.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { EventNote, Regarding } from '../kube/events.ts';
import { eventsOf, newsOf } from './decision.ts';
import type { News } from './decision.ts';
import type { Hurry } from './hurry.ts';
import type { LogFields } from './log.ts';
import { logFailures } from './logResults.ts';
import { timeText } from './reporting.ts';
import type { Reported, Reporting } from './reporting.ts';
import { tell } from './tell.ts';

/** What there is to report after a pass over one object. `Status` is the type of its status. */
export interface Passed<S extends AnyStep, Status> {
  readonly resource: Resource;
  readonly metadata: NamedMeta;
  readonly results: readonly StepResult<S>[];
  readonly rows: StepRows<S>;
  readonly before: Status | undefined;
  /** Makes the status with these decisions in it. `now` (RFC 3339) is used only for conditions that flipped. */
  readonly after: (decisions: readonly Decision[], now: string) => Status;
  /** How soon the status has to be written. */
  readonly hurry: (after: Status) => Hurry;
  /** Sets the metrics that follow from the status. */
  readonly measure?: (after: Status) => void;
  /** Events about the differences between the status before and the status after. */
  readonly changes?: (after: Status) => readonly EventNote[];
}

/**
 * Reports what was decided and done: in log and metrics at once, in the status when its time has come, then in events.
 * What was decided since the last status is one event.
 */
export async function reportPass<S extends AnyStep, Status extends object>(
  passed: Passed<S, Status>,
  reporting: Reporting,
): Promise<Reported> {
  const { resource, metadata, results, rows, before } = passed;
  const { untold, newId, events } = reporting;
  const about = { [resource.kind.toLowerCase()]: keyOf(metadata) };
  const time = timeText(reporting.clock.now());
  const fresh = newsOf(results, rows, { regarding: regarding(resource, metadata), newId, time });
  logPass(passed, { fresh, about }, reporting);
  const news = [...untold.newsOf(metadata.uid ?? ''), ...fresh];
  const after = passed.after(
    news.map(({ decision }) => decision),
    time,
  );
  passed.measure?.(after);
  const status = { resource, metadata, before, after };
  const reported = await tell({ status, hurry: passed.hurry(after), news, untold, about }, reporting);
  if (reported.told !== true) return reported;
  for (const note of [...eventsOf(news), ...(passed.changes?.(after) ?? [])]) events.record(note);
  return reported;
}

/** An object as events name it. */
export function regarding(resource: Resource, { name, namespace, uid }: NamedMeta): Regarding {
  const place = { ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, name, ...place };
}

function logPass<S extends AnyStep, Status>(
  { results, rows }: Passed<S, Status>,
  { fresh, about }: { readonly fresh: readonly News[]; readonly about: LogFields },
  { log }: Reporting,
): void {
  for (const { step, outcome } of results) {
    const { words, event } = rowOf(rows, step);
    if (outcome === 'done' && event === undefined) log.debug(`${words(step)}: ${step.why}`, about);
  }
  for (const { decision } of fresh) log.info(`${decision.what}: ${decision.why}`, { ...about, decision: decision.id });
  logFailures(log, results, about);
}
