import { fenced } from '../apply/fence.ts';
import { Bell } from '../engine/bell.ts';
import { messageOf } from '../kube/errors.ts';
import { writeWithinMs } from '../kube/lease.ts';
import type { HubLoadSight } from '../observe/hubLoad.ts';
import type { ScalingSight } from '../observe/scalingSight.ts';
import { decisionId } from '../report/decisionId.ts';
import { ExternalMetrics } from '../scale/externalMetrics.ts';
import { HubLoads } from '../scale/hubLoads.ts';
import { PodMetrics } from '../scale/podMetrics.ts';
import { ResourceMetrics } from '../scale/resourceMetrics.ts';
import { Scaler } from '../scale/scaler.ts';
import type { Term } from './lead.ts';
import type { Lifetime } from './lifetime.ts';
import type { World } from './world.ts';

/** What sets demand by load in one term of leadership. */
export interface FollowedLoad {
  readonly sight: ScalingSight;
  /** Resolves when the term is over. */
  readonly ended: Promise<void>;
}

/** Every station is looked at this often; and when a value has come, but not sooner than so long after the last look. */
const LOOK_EVERY_MS = 2_000;
const REST_MS = 1_000;

type Following = Pick<Lifetime, 'settings' | 'client' | 'clock' | 'random' | 'log' | 'events' | 'metrics' | 'scrape'>;

export interface FollowedWorld {
  readonly world: World;
  /** What hubs count; absent: there are none. */
  readonly hubs: HubLoadSight | undefined;
}

/** Sets demand by load in a world until the term is over. */
export function followLoad(life: Following, { world, hubs }: FollowedWorld, term: Term): FollowedLoad {
  const { settings, clock, log, events, metrics, random, scrape } = life;
  const { mayWrite, lost, signal } = term;
  const client = fenced(life.client, { mayWrite, serves: world.serves, writeWithinMs, over: lost });
  const { stores, suspicion } = world;
  const news = new Bell();
  const onNews = (): void => news.ring();
  const sources = {
    resource: new ResourceMetrics({ client, clock, onNews }),
    // Pods are read so often that the next look comes soon enough.
    pods: settings.scalePodMetrics ? new PodMetrics({ scrape, clock, signal, onNews: () => undefined }) : undefined,
    external: new ExternalMetrics({ client, clock, onNews }),
    hubs: new HubLoads({ stores, sight: hubs }),
  };
  const newId = (): string => decisionId(random);
  const scaler = new Scaler({ stores, suspicion, client, sources, clock, log, events, metrics, newId });
  const stop = stores.pods.onChange(({ before, after }) => {
    if (before !== undefined && after?.uid !== before.uid) scaler.forgetPod(before.uid);
  });
  signal.addEventListener('abort', onNews, { once: true });
  return { sight: scaler, ended: keepLooking({ life, signal, news, look: () => scaler.tick() }).finally(stop) };
}

interface LoadLooks {
  readonly life: Following;
  readonly signal: AbortSignal;
  readonly news: Bell;
  readonly look: () => void;
}

async function keepLooking({ life: { clock, log, metrics }, signal, news, look }: LoadLooks): Promise<void> {
  while (!signal.aborted) {
    try {
      look();
    } catch (error) {
      log.error(`following load: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
    }
    await clock.sleep(REST_MS, signal);
    const timer = clock.setTimer(LOOK_EVERY_MS - REST_MS, () => news.ring());
    await news.heard();
    timer.cancel();
  }
  metrics.noLoads();
}
