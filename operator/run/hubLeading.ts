import { Bell } from '../engine/bell.ts';
import { fenced } from '../apply/fence.ts';
import type { Balancer } from '../hub/balancer.ts';
import { doLeaderWork } from '../hub/leaderWork.ts';
import type { LeaderWork } from '../hub/leaderWork.ts';
import type { KeepSlicesOptions } from '../hub/slices/keepSlices.ts';
import { keepSlices } from '../hub/slices/keepSlices.ts';
import type { OwnStores } from '../hub/ownStores.ts';
import { messageOf } from '../kube/errors.ts';
import { writeWithinMs } from '../kube/lease.ts';
import type { HubServerOptions } from './hubServer.ts';
import { aborted } from './lead.ts';
import type { Term } from './lead.ts';
import type { Lifetime } from './lifetime.ts';

/** Keys have to be looked at from time to time, even if nothing changes. */
const LOOK_EVERY_MS = 60_000;
const RETRY_MS = 1_000;

export interface Leading extends HubServerOptions, Pick<KeepSlicesOptions, 'onLocality'> {
  readonly remembered: LeaderWork['remembered'];
  readonly balancer: Balancer;
  readonly term: Term;
  readonly synced: Promise<void>;
}

/** The leader's part: slices, keys, ports, and where hubs send. Resolves when the term is over. */
export async function leadHubs(life: Lifetime, own: OwnStores, leading: Leading): Promise<void> {
  const { client, clock, random, knock, log } = life;
  const { namespace, world, term, synced, remembered, onLocality } = leading;
  const askLocal = leading.anyNode ? undefined : life.askLocal;
  await Promise.race([synced, aborted(term.signal)]);
  const fence = { mayWrite: term.mayWrite, serves: world.serves, writeWithinMs, over: term.lost };
  const parts = { client: fenced(client, fence), clock, namespace, own, stores: world.stores, log };
  await Promise.all([
    keepSlices({ ...parts, random, signal: term.signal, knock, askLocal, onLocality }),
    keepOwn({ ...parts, random, remembered, client: fenced(client, { ...fence, serves: undefined }) }, leading),
    balance(life, leading),
  ]);
}

/** Keeps keys and ports, until the term is over. */
async function keepOwn(
  parts: Omit<LeaderWork, 'range' | 'onWithout'> & { readonly log: Lifetime['log'] },
  { world, range, term }: Leading,
): Promise<void> {
  const { clock, own, log } = parts;
  const news = new Bell();
  const ring = (): void => news.ring();
  const { stations, slices } = world.stores;
  const stops = [stations, own.ports, own.keys, own.authority].map((store) => store.onChange(ring));
  stops.push(
    slices.onChange(({ before, after }) => {
      // A station that leaves the hubs needs its ports until the last slice is gone.
      if (before?.hubs !== undefined && after === undefined) ring();
    }),
  );
  term.signal.addEventListener('abort', ring, { once: true });
  let told = '';
  const onWithout = (names: readonly string[]): void => {
    const text = names.join(', ');
    if (text !== told && text !== '')
      log.error(`no port is left on the hubs for ${text}: widen the range (--hub-ports)`);
    told = text;
  };
  while (!term.signal.aborted) {
    let waitMs = LOOK_EVERY_MS;
    try {
      await doLeaderWork({ ...parts, range, onWithout });
    } catch (error) {
      waitMs = RETRY_MS;
      if (!term.signal.aborted) log.warn(`${messageOf(error)}; trying again in ${RETRY_MS / 1000} s`);
    }
    const timer = clock.setTimer(waitMs, ring);
    await news.heard();
    timer.cancel();
  }
  for (const stop of stops) stop();
}

/** Decides where hubs send, until the term is over. What was decided then holds until another replica leads. */
async function balance({ clock, log }: Lifetime, { balancer, term }: Leading): Promise<void> {
  while (!term.signal.aborted) {
    try {
      balancer.turn(clock.monotonicMs());
    } catch (error) {
      log.error(
        `deciding where hubs send: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
      );
    }
    await clock.sleep(balancer.everyMs(clock.monotonicMs()), term.signal);
  }
}
