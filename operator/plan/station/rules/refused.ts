/*
 * Refused: decides whether the API server refuses a zone's new pods because of their template.
 *
 * A lack of room or an outage keeps the pods of the old template away as well, and passes. A bad template is refused
 * everywhere and for good:
 *
 * - A quota is the template's fault only where pods of the one before would still fit. Then its pods ask for more of
 *   every resource that is exceeded, and what is used together with one more old pod is within the limit.
 * - A denial (403, 422, or the no of an admission webhook or policy) is the template's fault once it has stood for 30
 *   s.
 * - Trouble of the server, or of a webhook that does not answer, never is.
 * - Any other message is once the progress deadline has passed.
 *
 * Nothing is the template's fault while a zone that runs another template is refused pods too.
 *
 * Hard part: a Deployment tells only the message and no status code. So the message decides how soon it counts, and
 * where the message says nothing, the deadline decides.
 *
 * Example: an admission policy denies the new image in zone-a. After 30 s the rollout has failed there.
 */
import { DENIED_MS } from '../../../model/thresholds.ts';
import type { Beyond } from '../../../model/child.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import { progressDeadlineSeconds } from './progressDeadline.ts';
import { quantityOf } from '../../../api/kubernetes/quantity.ts';

/** Why the API server refuses a zone's new pods, and after how long that is the template's fault; `Infinity`: never. */
export interface PodRefusal {
  readonly message: string;
  readonly ageMs: number;
  readonly failsAfterMs: number;
}

/**
 * The refusal of the pods that a zone's newest template asks for. Undefined where nothing is refused, or where pods of
 * another template are refused too.
 */
export function refusalIn(picture: Picture, zone: ZonePicture): PodRefusal | undefined {
  const { deployment, view } = zone;
  const message = deployment?.replicaFailure;
  if (deployment === undefined || message === undefined || !isNew(picture, zone)) return undefined;
  const others = picture.zones.filter((other) => other.deployment?.templateHash !== deployment.templateHash);
  if (others.some((other) => other.deployment?.replicaFailure !== undefined)) return undefined;
  const before = deployment.good?.hash === deployment.templateHash ? undefined : deployment.good;
  // The message names the refused ReplicaSet. Where that is the old one, the newest template is not at fault.
  if (before !== undefined && before.replicaSet !== '' && message.includes(`-${before.replicaSet}"`)) return undefined;
  const { spec } = picture.snapshot.station;
  const failsAfterMs = patienceMs(message, {
    quota: () => isQuotaOfSize(message, before && (before.beyond ?? {})),
    deadlineMs: deployment.progressFailed ? 0 : 1000 * progressDeadlineSeconds(spec, spec.template),
  });
  return { message, ageMs: view.notMadeMs ?? 0, failsAfterMs };
}

/** Whether the template keeps the zone's pods from being made: surely, or as far as we know yet. */
export function isRefused(picture: Picture, zone: ZonePicture): boolean {
  return (refusalIn(picture, zone)?.failsAfterMs ?? Infinity) < Infinity;
}

/**
 * Whether the zone's template has not been seen at work yet. Either it is being rolled out, or no zone has a Ready pod of
 * it, and another zone still runs the template before, or there was none before.
 */
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

/** How the API server words the no of a webhook or policy, whatever these say themselves. */
const denial = /denied (?:the )?request/;

/** How the API server words a 403 and a 422. */
const refusal = / is forbidden: | is invalid: /;

/**
 * How the API server words trouble: its own failure, a webhook that fails, a quota that is not counted yet, a namespace
 * that ends.
 */
const trouble =
  /^Internal error|failed calling webhook|[Tt]imed? ?out|[Dd]eadline exceeded|connection refused|unavailable|unable to handle|[Tt]oo many requests|status unknown for quota|being terminated/;

/**
 * `before` is what the template asks beyond the one before. It is undefined where there was none: then one pod alone
 * must exceed the quota.
 */
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
