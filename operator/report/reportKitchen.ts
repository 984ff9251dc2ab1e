import { API_VERSION } from '../api/labels.ts';
import type { EventNote } from '../kube/events.ts';
import { kitchens } from '../observe/resources.ts';
import type { KitchenStep } from '../plan/kitchenPlan.ts';
import { kitchenStatus } from './kitchenStatus.ts';
import type { KitchenFacts } from './kitchenStatus.ts';
import { logFailures } from './logResults.ts';
import { timeText } from './reporting.ts';
import type { Reported, Reporting } from './reporting.ts';
import { writeStatus } from './statusWrite.ts';

const words: Readonly<Record<KitchenStep['kind'], { readonly what: string; readonly reason: string }>> = {
  applyStation: { what: 'apply Station', reason: 'StationApplied' },
  handDemand: { what: 'leave the demand to others of Station', reason: 'DemandHanded' },
  pruneStation: { what: 'take away Station', reason: 'StationPruned' },
};

/** Says what was done for a Kitchen: log at once, status if it changed, then events. */
export async function reportKitchen(facts: KitchenFacts, reporting: Reporting): Promise<Reported> {
  const { kitchen } = facts.snapshot;
  const { namespace = '', name } = kitchen.metadata;
  const done = facts.results.filter(({ outcome }) => outcome === 'done').map(({ step }) => step);
  for (const step of done) reporting.log.info(sentence(step), { kitchen: `${namespace}/${name}` });
  logFailures(reporting.log, facts.results, { kitchen: `${namespace}/${name}` });
  const after = kitchenStatus(facts, timeText(reporting.clock.now()));
  try {
    const { metadata, status: before } = kitchen;
    await writeStatus(reporting, { resource: kitchens, metadata, before, after });
  } catch (error) {
    return { told: false, error };
  }
  for (const step of done) reporting.events.record(stepEvent(facts, step));
  return { told: true };
}

function sentence(step: KitchenStep): string {
  return `${words[step.kind].what} ${step.station}: ${step.why}`;
}

function stepEvent({ snapshot }: KitchenFacts, step: KitchenStep): EventNote {
  const { name, namespace, uid } = snapshot.kitchen.metadata;
  const about = { ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  return {
    regarding: { apiVersion: API_VERSION, kind: 'Kitchen', name, ...about },
    type: 'Normal',
    reason: words[step.kind].reason,
    action: 'Reconcile',
    note: sentence(step),
  };
}
