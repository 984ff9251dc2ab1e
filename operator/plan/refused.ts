/*
 * Pods that the API server does not let a zone make, and whose fault that is. Want of room, or an outage, keeps the pods of
 * the old template away as well, and passes; a template that is refused is refused everywhere, and for good:
 *
 * - a quota is the template's fault only where the pods of the one before would still fit in: its pods ask for more of every
 *   resource that is exceeded, and what is used with an old pod more is within the limit;
 * - a denial (403, 422, an admission webhook's or policy's no) is, once it has stood for half a minute;
 * - trouble of the server or of a webhook that does not answer never is;
 * - words that nobody foresaw are once the progress deadline has passed.
 *
 * And nothing is while a zone that runs another template is refused pods too. The hard part is that a Deployment has words
 * alone, no code: they decide how soon something counts, and the deadline decides where they say nothing.
 */
import { DENIED_MS } from '../model/thresholds.ts';
import type { Beyond } from '../model/child.ts';
import type { Picture, ZonePicture } from './picture.ts';
import { progressDeadlineSeconds } from './progressDeadline.ts';
import { quantityOf } from '../api/kubernetes/quantity.ts';

/** What the API server holds against a zone's new pods, and after how long that is the template's fault; `Infinity`: never. */
export interface PodRefusal {
  readonly message: string;
  readonly ageMs: number;
  readonly failsAfterMs: number;
}

/** The refusal of the pods that a zone's newest template asks for; undefined where nothing is refused, or another template's too. */
export function refusalIn(picture: Picture, zone: ZonePicture): PodRefusal | undefined {
  const { deployment, view } = zone;
  const message = deployment?.replicaFailure;
  if (deployment === undefined || message === undefined || !isNew(picture, zone)) return undefined;
  const others = picture.zones.filter((other) => other.deployment?.templateHash !== deployment.templateHash);
  if (others.some((other) => other.deployment?.replicaFailure !== undefined)) return undefined;
  const before = deployment.good?.hash === deployment.templateHash ? undefined : deployment.good;
  // What is refused is told by the name of its ReplicaSet: where the old one is, the newest is none the worse for it.
  if (before !== undefined && before.replicaSet !== '' && message.includes(`-${before.replicaSet}"`)) return undefined;
  const { spec } = picture.snapshot.station;
  const failsAfterMs = patienceMs(message, {
    quota: () => isQuotaOfSize(message, before && (before.beyond ?? {})),
    deadlineMs: deployment.progressFailed ? 0 : 1000 * progressDeadlineSeconds(spec, spec.template),
  });
  return { message, ageMs: view.notMadeMs ?? 0, failsAfterMs };
}

/** Whether it is the template that keeps the zone's pods from being made, now or for all that is known so far. */
export function isRefused(picture: Picture, zone: ZonePicture): boolean {
  return (refusalIn(picture, zone)?.failsAfterMs ?? Infinity) < Infinity;
}

/** Whether nobody has seen the zone's template at work yet: it is going out, or nothing of it is Ready and what ran before is elsewhere, or was nothing. */
export function isNew({ zones }: Picture, { rolling, deployment }: ZonePicture): boolean {
  if (rolling) return true;
  const { templateHash, good } = deployment ?? {};
  const runs = (hash: string | undefined): readonly ZonePicture[] =>
    zones.filter((zone) => zone.deployment?.templateHash === hash);
  if (runs(templateHash).some(({ alive }) => alive.some((pod) => pod.ready))) return false;
  return good === undefined || good.hash === templateHash || runs(good.hash).length > 0;
}

function patienceMs(
  message: string,
  { quota, deadlineMs }: { readonly quota: () => boolean; readonly deadlineMs: number },
): number {
  if (denial.test(message)) return DENIED_MS;
  if (message.includes('exceeded quota')) return quota() ? DENIED_MS : Infinity;
  if (trouble.test(message)) return Infinity;
  return refusal.test(message) ? DENIED_MS : deadlineMs;
}

/** How the API server words the no of a webhook or policy, whatever they say themselves. */
const denial = /denied (?:the )?request/;

/** How it words a 403 and a 422. */
const refusal = / is forbidden: | is invalid: /;

/** How it words what is no answer at all: its own failure, a webhook's, a quota's that is not counted yet, an ending namespace. */
const trouble =
  /^Internal error|failed calling webhook|[Tt]imed? ?out|[Dd]eadline exceeded|connection refused|unavailable|unable to handle|[Tt]oo many requests|status unknown for quota|being terminated/;

/** `before`: what the template asks beyond the one before; undefined where there is none: then a pod alone must exceed it. */
function isQuotaOfSize(message: string, before: Beyond | undefined): boolean {
  const [, requested = '', used = '', limited = ''] =
    /requested: (\S+), used: (\S+), limited: (\S+)$/.exec(message.trim()) ?? [];
  const [wants, has, most] = [amountsIn(requested), amountsIn(used), amountsIn(limited)];
  if (wants.size === 0) return false;
  if (before === undefined) return [...wants].some(([resource, amount]) => amount > (most.get(resource) ?? 0));
  return [...wants.keys()].every((resource) => {
    const wanted = before[/^(?:requests|limits)\./.test(resource) ? resource : `requests.${resource}`];
    return wanted !== undefined && (has.get(resource) ?? 0) + wanted <= (most.get(resource) ?? 0);
  });
}

function amountsIn(list: string): ReadonlyMap<string, number> {
  const pairs = list.split(',').filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), quantityOf(pair.slice(pair.indexOf('=') + 1))]),
  );
}
