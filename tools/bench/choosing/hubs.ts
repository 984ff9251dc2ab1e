import { keyOf } from '../../../operator/api/kubernetes/key.ts';
import { Balancer } from '../../../operator/hub/balancer.ts';
import { choiceWords } from '../../../operator/balance/words.ts';
import { merged, pack, packCommon, translate } from '../../../operator/envoy/translate.ts';
import type { Packed } from '../../../operator/envoy/translate.ts';
import type { Backend } from '../../../operator/traffic/form.ts';
import { issueFor } from '../../../operator/xds/certificates.ts';
import { serveXds } from '../../../operator/xds/server.ts';
import type { Source } from '../../../operator/xds/source.ts';
import { freePorts } from '../../cluster/ports.ts';
import { startEnvoy } from '../../envoy/start.ts';
import type { Pod } from '../traffic/layout.ts';
import { onLoopback, trafficTo } from '../traffic/ways/hub.ts';
import { zones } from './cases.ts';
import type { LoadCase } from './cases.ts';
import { underPolicy } from './policies.ts';
import type { Policy } from './policies.ts';

/** A hub: an Envoy of a zone. */
export interface BenchHub {
  readonly zone: string;
  readonly port: number;
}

export interface Hubs extends AsyncDisposable {
  readonly hubs: readonly BenchHub[];
  /** Tells all hubs that these are the pods. */
  setPods(pods: readonly Pod[]): void;
  /** Throws when an Envoy has ended or refuses what it is told. */
  check(): void;
}

export interface HubsOptions {
  readonly policy: Policy;
  readonly perZone: number;
  readonly prices: LoadCase['prices'];
  readonly pods: readonly Pod[];
  /** Called with where each zone's hubs send, and why. */
  readonly onWhy?: ((words: string) => void) | undefined;
}

const operator = 'hub.kitchen.dev';

/** Starts so many hubs in each zone, and serves them as the leading operator does. */
export async function startHubs({ policy, perZone, prices, pods, onWhy }: HubsOptions): Promise<Hubs> {
  await using left = new AsyncDisposableStack();
  const ports = await freePorts(zones.length * perZone);
  const hubs = ports.map((port, index) => ({
    port,
    zone: zones[index % zones.length] ?? '',
    node: `node-${index + 1}`,
  }));
  const source = new PodsSource(policy, new Map(hubs.map((hub) => [hub.node, hub])));
  source.set(pods);
  const faults: string[] = [];
  const balancer = new Balancer({
    backend: (name) => {
      const backend = source.backend(name);
      return backend && { station: keyOf({ namespace: 'default', name: 'pizzeria-grill' }), backend };
    },
    zonePriceOf: () => (from, to) => prices?.[to as keyof typeof prices] ?? (from === to ? 0 : 5),
    isThere: () => true,
    hubs: () => new Map(),
    onShares: () => source.changed(),
    onChoice: (_, choice) => {
      for (const zone of choice?.shares.keys() ?? [])
        if (choice !== undefined) onWhy?.(`${zone}: ${choiceWords(zone, choice)}`);
    },
  });
  source.sharesOf = (name) => balancer.sharesOf(name);
  const issued = await issueFor(operator, Date.now());
  const server = await serveXds({
    host: '127.0.0.1',
    port: 0,
    keys: issued,
    source,
    // Each hub listens on a port of its own here, so each gets listeners of its own.
    zoneOf: (node) => node,
    authenticate: async (node) => ({ pod: node, node }),
    onNack: (_, type, { name, message }) => faults.push(`Envoy refuses ${type} ${name}: ${message}`),
    onStream: () => {},
    onLoad: ({ pod, node }, id, reports) => {
      const hubZone = hubs.find((hub) => hub.node === node)?.zone ?? '';
      if (policy.isTold === true) balancer.hear({ pod, id, hubZone }, reports, performance.now());
    },
    isElsewhere: () => false,
    random: Math.random,
    onError: (error) => faults.push(String(error)),
  });
  left.defer(() => server.close());
  let timer: NodeJS.Timeout | undefined;
  const turn = (): void => {
    balancer.turn(performance.now());
    timer = setTimeout(turn, balancer.everyMs(performance.now()));
  };
  turn();
  left.defer(() => clearTimeout(timer));
  const envoys = await Promise.all(
    hubs.map(({ node, zone }) =>
      startEnvoy({
        operator: { port: server.address.port, name: operator },
        token: node,
        authority: issued.authority,
        adapt: (bootstrap) => policy.bootstrap?.(bootstrap, zone) ?? bootstrap,
      }).then((envoy) => left.use(envoy)),
    ),
  );
  const moved = left.move();
  return {
    hubs,
    setPods: (next) => source.set(next),
    check: () => {
      for (const envoy of envoys) if (envoy.ended) faults.push(`Envoy ended: ${envoy.log()}`);
      if (faults.length > 0) throw new Error(faults.join('; '));
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** What each hub gets. */
class PodsSource implements Source {
  readonly #policy: Policy;
  readonly #hubs: ReadonlyMap<string, BenchHub>;
  readonly #listeners = new Set<() => void>();
  readonly #packed = new Map<string, Packed>();
  #pods: readonly Pod[] = [];
  sharesOf: (backend: string) => Backend['shares'] | undefined = () => undefined;

  constructor(policy: Policy, hubs: ReadonlyMap<string, BenchHub>) {
    this.#policy = policy;
    this.#hubs = hubs;
  }

  set(pods: readonly Pod[]): void {
    this.#pods = pods;
    this.changed();
  }

  changed(): void {
    this.#packed.clear();
    for (const listener of this.#listeners) listener();
  }

  backend(name: string): Backend | undefined {
    const { backends } = trafficTo(this.#pods, { port: 1, tryTimeoutMs: undefined });
    return backends.find((backend) => backend.name === name);
  }

  resources(type: Parameters<Source['resources']>[0], node: string): ReturnType<Source['resources']> {
    const packed = this.#packed.get(node) ?? this.#pack(node);
    this.#packed.set(node, packed);
    return packed[type];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #pack(node: string): Packed {
    const { zone = '', port = 0 } = this.#hubs.get(node) ?? {};
    const traffic = trafficTo(this.#pods, { port, tryTimeoutMs: undefined });
    const backends = traffic.backends.map((each): Backend => {
      const shares = this.sharesOf(each.name);
      const told = shares === undefined ? each : { ...each, shares };
      return this.#policy.backend?.(told, zone) ?? told;
    });
    const resources = onLoopback(translate({ ...traffic, backends }, zone), port);
    return merged([packCommon(), pack(underPolicy(this.#policy, resources))]);
  }
}
