/*
 * Keys of the server for hubs. They are in a Secret of the operator's namespace, so that all replicas show the same
 * certificate. The leader makes them; hubs get the authority by a ConfigMap.
 *
 *   life of a certificate: 1 year; the next one is made when a third of it is left
 *   the next one is used 1 hour after it was made
 *
 * Hard part: a hub must believe the next authority before the server shows its certificate, and a kubelet takes up to
 * two minutes to bring a changed ConfigMap to a pod. So the next pair waits in the Secret for an hour, while the
 * ConfigMap has both authorities.
 */
import type { Issued } from '../xds/certificates.ts';

const NEXT_AT_MS = (365 / 3) * 24 * 3_600_000;
const SETTLED_MS = 3_600_000;

/** What the Secret has: the keys in use, and those that follow. */
export interface HubKeys {
  readonly current: Issued;
  readonly next?: { readonly keys: Issued; readonly madeAtMs: number };
}

/** What has to be done with the keys now. */
export type KeysStep = 'make' | 'makeNext' | 'useNext' | undefined;

export function keysStep(keys: HubKeys | undefined, nowMs: number): KeysStep {
  if (keys === undefined || keys.current.notAfterMs <= nowMs) return keys?.next === undefined ? 'make' : 'useNext';
  if (keys.next === undefined) return keys.current.notAfterMs - nowMs < NEXT_AT_MS ? 'makeNext' : undefined;
  return nowMs - keys.next.madeAtMs >= SETTLED_MS ? 'useNext' : undefined;
}

/** The keys after a step; `fresh`: what was made for it. */
export function keysAfter(
  step: NonNullable<KeysStep>,
  {
    keys,
    fresh,
    nowMs,
  }: { readonly keys: HubKeys | undefined; readonly fresh: () => Promise<Issued>; readonly nowMs: number },
): Promise<HubKeys> | HubKeys {
  if (step === 'useNext' && keys?.next !== undefined) return { current: keys.next.keys };
  if (step === 'makeNext' && keys !== undefined) {
    return fresh().then((made) => ({ current: keys.current, next: { keys: made, madeAtMs: nowMs } }));
  }
  return fresh().then((current) => ({ current }));
}

/** The authorities that hubs have to believe, one PEM after the other. */
export function authoritiesOf({ current, next }: HubKeys): string {
  return [current, next?.keys].flatMap((keys) => (keys === undefined ? [] : `${keys.authority.trim()}\n`)).join('');
}
