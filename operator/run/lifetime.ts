import { hostname } from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import { systemClock } from '../engine/clock.ts';
import type { Clock } from '../engine/clock.ts';
import { askLocalByHttp } from '../hub/slices/locality.ts';
import type { AskLocal } from '../hub/slices/locality.ts';
import { knockByTcp } from '../hub/slices/reach.ts';
import type { Knock } from '../hub/slices/reach.ts';
import type { Client } from '../kube/client.ts';
import { loadConfig } from '../kube/config.ts';
import type { Config } from '../kube/config.ts';
import { connect } from '../kube/connect.ts';
import { messageOf } from '../kube/errors.ts';
import { recordEvents } from '../kube/events.ts';
import type { EventRecorder } from '../kube/events.ts';
import { operatorName } from './lead.ts';
import { StartError } from './preflight.ts';
import { scrapeByHttp } from '../scale/scrape.ts';
import type { Scrape } from '../scale/scrape.ts';
import type { Log } from '../report/log.ts';
import { createMetrics } from '../report/metrics.ts';
import type { Metrics } from '../report/metrics.ts';
import type { Settings } from './settings.ts';

/** What the operator is started with; clock, random numbers and connections are the machine's by default. */
export interface OperatorOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly knock?: Knock;
  readonly askLocal?: AskLocal;
  readonly scrape?: Scrape;
}

/** Everything that lives as long as the operator. */
export interface Lifetime {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  /** How it is found out that a hub listens. */
  readonly knock: Knock;
  /** How it is found out which hub the clients of a node are led to. */
  readonly askLocal: AskLocal;
  /** How the pages of metrics are read that pods serve. */
  readonly scrape: Scrape;
  readonly config: Config;
  readonly client: Client;
  readonly metrics: Metrics;
  readonly events: EventRecorder;
  /** Aborted first: no new pass begins. */
  readonly stopping: AbortController;
  /** Aborted last: watches end. */
  readonly watching: AbortController;
}

/** Makes the parts; nothing is sent yet. Throws a `StartError` when the configuration cannot be read. */
export function beginLifetime(options: OperatorOptions): Lifetime {
  const {
    settings,
    log,
    clock = systemClock,
    random = Math.random,
    knock = knockByTcp,
    askLocal = askLocalByHttp,
    scrape = scrapeByHttp(),
  } = options;
  const config = readConfig(settings, clock);
  const metrics = createMetrics();
  const { leaderElectionName: name } = settings;
  // In the audit log, several operators of one cluster are told apart.
  const userAgent = `${operatorName}/${manifest.version}${name === operatorName ? '' : ` ${name}`}`;
  const client = connect({ config, clock, userAgent, answered: (method, code) => metrics.requested(method, code) });
  const events = recordEvents({
    client,
    clock,
    random,
    controller: 'kitchen.dev/operator',
    instance: hostname(),
    onError: (error) => log.warn(`event not written: ${messageOf(error)}`),
  });
  const stopping = new AbortController();
  const watching = new AbortController();
  return { settings, log, clock, random, knock, askLocal, scrape, config, client, metrics, events, stopping, watching };
}

function readConfig({ kubeconfig, context }: Settings, clock: Clock): Config {
  try {
    return loadConfig({
      clock,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    throw new StartError(
      `${messageOf(error)}. Choose a kubeconfig with --kubeconfig or KUBECONFIG, and a context with --context`,
      {
        cause: error,
      },
    );
  }
}
