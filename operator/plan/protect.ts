/*
 * Protect: one budget over all pods, minAvailable = D + |U|, where U are the pods that the API calls Ready but nobody
 * may count on: doubtful ones, those being handed over, those a shrink is about to take or has been told to, and the
 * surge of a rollout. Then the eviction API's allowance, healthy − minAvailable, is what is truly spare: sure − D.
 *
 * Raised at once. Lowered only when its status is of this generation and counts no pod that we do not see, when no pod
 * has only just begun to go (a new pod would hide in the count that the budget's controller has not heard of it), and
 * when every Deployment has been observed: a template that was just written has its surge still to come. Left open
 * after a crash it is only too strict.
 */
import type { Attempt } from './attempt.ts';
import type { BudgetView, PodView } from '../observe/snapshot.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { Step, Wait } from './plan.ts';
import { budgetIntent } from './children/budget.ts';
import { count, ours } from './picture.ts';
import { isHeld } from './children/intent.ts';
import { surgeUnderWay } from './rollOut.ts';

/** What the budget is to keep, given what a rule wants set apart. */
export function minAvailableFor(picture: Picture, attempt: Attempt | undefined): number {
  return picture.demand + reserved(picture, attempt).size + surgeUnderWay(picture.zones) + (attempt?.surge ?? 0);
}

/** By then every controller that works at all has heard of a delete. */
const HEARD_MS = 2_000;

/** The budget's write, when there is one to make now, or what keeps it from being lowered for a moment. */
export function protectStep(picture: Picture, minAvailable: number): Step | Wait | undefined {
  const { snapshot } = picture;
  if (snapshot.budget.state === 'taken') return undefined;
  const budget = ours(snapshot.budget);
  const current = budget?.minAvailable;
  const lowers = current !== undefined && minAvailable < current;
  const unheardMs = HEARD_MS - newestDeleteMs(picture);
  if (lowers && unheardMs > 0) {
    return {
      what: `keep ${minAvailable} ready`,
      why: 'not every delete may have been heard of',
      lookAgainMs: unheardMs,
    };
  }
  const keeps = lowers && budget !== undefined && !mayLower(picture, budget) ? current : minAvailable;
  const intent = budgetIntent(snapshot, keeps);
  if (budget !== undefined && isHeld(budget, intent)) return undefined;
  return { kind: 'applyBudget', intent, minAvailable: keeps, why: whyBudget(picture, keeps) };
}

function reserved(picture: Picture, attempt: Attempt | undefined): ReadonlySet<string> {
  const doubtful = picture.zones.flatMap((zone) => zone.alive.filter((pod) => pod.state === 'doubtful'));
  const leaving = picture.zones.flatMap((zone) => zone.owed.filter((pod) => pod.state === 'leaving'));
  const going = picture.zones.flatMap(stillToGo);
  return new Set([...doubtful, ...leaving, ...going, ...(attempt?.reserved ?? [])].map((pod) => pod.uid));
}

/** Ready pods that the ReplicaSet has been told to delete and has not: those that it takes first. */
function stillToGo({ alive, replicas, rolling }: ZonePicture): readonly PodView[] {
  const ready = alive.filter((pod) => pod.ready).toSorted((a, b) => Number(b.marked) - Number(a.marked));
  const many = alive.length - replicas - (alive.length - ready.length);
  return rolling ? [] : ready.slice(0, Math.max(0, many));
}

function newestDeleteMs({ zones }: Picture): number {
  return Math.min(...zones.flatMap((zone) => zone.view.pods.flatMap((pod) => pod.deletingMs ?? [])));
}

function mayLower(picture: Picture, budget: BudgetView): boolean {
  const ready = picture.zones.flatMap((zone) => zone.alive.filter((pod) => pod.ready)).length;
  const observed = picture.zones.every(
    ({ deployment }) => deployment === undefined || deployment.observedGeneration >= deployment.generation,
  );
  return observed && budget.observedGeneration >= budget.generation && budget.currentHealthy <= ready;
}

function whyBudget(picture: Picture, minAvailable: number): string {
  const apart = minAvailable - picture.demand;
  const demand = `keeps ${minAvailable} ready: demand ${picture.demand}`;
  return apart === 0 ? demand : `${demand} and ${count(apart, 'pod')} that may not be counted on`;
}
