import { API_VERSION } from '../api/labels.ts';
import type { EventNote } from '../kube/events.ts';
import { kitchens } from '../observe/resources.ts';
import type { KitchenStep } from '../model/kitchenPlan.ts';
import { kitchenStatus } from './kitchenStatus.ts';
import type { KitchenFacts } from './kitchenStatus.ts';
import { logFailures } from './logResults.ts';
import { timeText } from './reporting.ts';
import type { Reported, Reporting } from './reporting.ts';
import { tell } from './tell.ts';

const words: Readonly<Record<KitchenStep['kind'], { readonly what: string; readonly reason: string }>> = {
  applyStation: { what: 'apply Station', reason: 'StationApplied' },
  handDemand: { what: 'leave the demand to others of Station', reason: 'DemandHanded' },
  pruneStation: { what: 'take away Station', reason: 'StationPruned' },
};

/** A step that was done, and the id by which it is found in log and events; a Kitchen's status has no place for it. */
interface Done {
  readonly id: string;
  readonly step: KitchenStep;
}

/** Says what was done for a Kitchen: log at once, status if it changed, then events; its status waits as a Station's does. */
export async function reportKitchen(facts: KitchenFacts, reporting: Reporting): Promise<Reported> {
  const { log, clock, untoldOfKitchens: untold } = reporting;
  const { metadata, status: before } = facts.snapshot.kitchen;
  const uid = metadata.uid ?? '';
  const about = { kitchen: `${metadata.namespace ?? ''}/${metadata.name}` };
  const done = facts.results
    .filter(({ outcome }) => outcome === 'done')
    .map(({ step }): Done => ({ id: reporting.newId(), step }));
  for (const { id, step } of done) log.info(sentence(step), { ...about, decision: id });
  logFailures(log, facts.results, about);
  const events = [...untold.newsOf(uid), ...done.map((each) => stepEvent(facts, each))];
  const status = { resource: kitchens, metadata, before, after: kitchenStatus(facts, timeText(clock.now())) };
  const reported = await tell({ status, news: events, untold, about }, reporting);
  if (reported.told !== true) return reported;
  for (const note of events) reporting.events.record(note);
  return reported;
}

function sentence(step: KitchenStep): string {
  return `${words[step.kind].what} ${step.station}: ${step.why}`;
}

function stepEvent({ snapshot }: KitchenFacts, { id, step }: Done): EventNote {
  const { name, namespace, uid } = snapshot.kitchen.metadata;
  const about = { ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  return {
    regarding: { apiVersion: API_VERSION, kind: 'Kitchen', name, ...about },
    type: 'Normal',
    reason: words[step.kind].reason,
    action: 'Reconcile',
    note: `${sentence(step)} [${id}]`,
  };
}
