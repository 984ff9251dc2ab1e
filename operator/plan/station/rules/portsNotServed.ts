/*
 * Ports not served: tells which ports of the Service do not lead where the station says, and why a template is held
 * back for that.
 *
 * There are three cases. The Service still leads to the ports of the pods that serve now. A target is in no container
 * of the template. Or a template is held back, because the Service would not lead to its pods.
 *
 * Example: `targetPort` changes from http to web, and the new template gives that name to port 8080, which was http.
 * Port 80 leads to 8080 until every pod has web, and `PortsNotServed` says so.
 */
import type { Picture } from '../picture.ts';
import { portChoices, reachOfNewest, unservedByNewest } from '../../children/servicePorts.ts';
import type { PortChoice } from '../../children/servicePorts.ts';
import type { Problem } from '../../../model/plan.ts';

/** The most serious first. A template is held back only while some zone does not have it yet. */
export function portsNotServed(picture: Picture, isOutdated: boolean): readonly Problem[] {
  const { snapshot } = picture;
  if (snapshot.service.state === 'taken' || snapshot.service.state === 'deleting') return [];
  const held = isOutdated ? unservedByNewest(snapshot).filter(isKept) : [];
  const choices = portChoices(snapshot);
  const missing = choices.filter((choice) => isMissing(picture, choice));
  const awaited = choices.filter((choice) => choice.target !== choice.wanted && !missing.includes(choice));
  return [
    ...held.map((choice) => problem('HoldsRollout', `${whyHeld(picture, choice)}; the new template is held back`)),
    ...missing.map((choice) => problem('InNoPod', whyMissing(choice))),
    ...awaited.filter((choice) => !held.some(({ declared }) => declared === choice.declared)).map(awaitedProblem),
  ];
}

/** Why no zone may get the newest template now, in words; undefined when one may. */
export function rolloutHeldByPorts(picture: Picture): string | undefined {
  const [first] = unservedByNewest(picture.snapshot);
  if (first === undefined) return undefined;
  return isKept(first) ? whyHeld(picture, first) : `the Service does not lead to ${first.target} yet`;
}

/** The Service cannot lead elsewhere, so waiting alone does not help. */
function isKept({ now, target }: PortChoice): boolean {
  return target === now;
}

/** The target is a name that no container of the template has. A number needs no declaration. */
function isMissing({ snapshot }: Picture, { declared, wanted }: PortChoice): boolean {
  return reachOfNewest(snapshot, wanted, declared.protocol) === 'no';
}

function whyHeld(picture: Picture, choice: PortChoice): string {
  const { declared, wanted, now } = choice;
  const leads = `port ${declared.port} leads to ${now}, where the pods that serve listen, and no container of the new template declares ${now}`;
  if (wanted === now) return `${leads}: declare it, or change targetPort to what the template has`;
  if (isMissing(picture, choice)) return `${leads} or ${wanted}: declare both for one rollout`;
  return `${leads}: declare ${now} beside ${wanted} for one rollout, and take it away afterwards`;
}

function whyMissing({ declared, wanted, now, target }: PortChoice): string {
  const cure = `ports.targetPort ${wanted} is in no container of the template: give a container’s port this name, or correct targetPort`;
  if (target === undefined) return `${cure}; port ${declared.port} is left out of the Service`;
  return target === wanted ? cure : `${cure}; port ${declared.port} still leads to ${now}`;
}

function awaitedProblem({ declared, wanted, target }: PortChoice): Problem {
  if (target === undefined) {
    const message = `port ${declared.port} is put into the Service when as many pods as demanded have ${wanted}`;
    return problem('AwaitsRollout', message);
  }
  return problem('AwaitsRollout', `port ${declared.port} leads to ${target}, and to ${wanted} once every pod has it`);
}

function problem(reason: 'AwaitsRollout' | 'InNoPod' | 'HoldsRollout', message: string): Problem {
  return { kind: 'PortsNotServed', reason, message };
}
