/*
 * Bypass: leads all Services to their pods again, past the hubs, whether or not anything of the operator still runs.
 *
 *   1. a note in the operator's namespace says that the hubs of this DaemonSet are to be left, so that an operator that
 *      lives, or comes back, does not lead Services there again
 *   2. an operator that lives changes the Services over, without a lost request
 *   3. where none has done anything for a while, it is done here, in the same order: selector, then slices
 *
 * The note names the DaemonSet by its uid: hubs that are installed again count.
 */
import { HUB_DAEMON_SET, HUB_PORTS_OBJECT } from '../api/hub.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { configMaps, daemonSets, endpointSlices, services } from '../api/kubernetes/resource.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { annotations, fieldManagers, labels, stationSelector } from '../api/labels.ts';
import type { Clock } from '../engine/clock.ts';
import type { Client, CallOptions } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import type { Scope } from '../kube/path.ts';

export interface BypassOptions {
  readonly client: Client;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
  /** Where Services are changed over; undefined: in all namespaces. */
  readonly namespace: string | undefined;
  /** Where the hubs run; undefined: wherever there are some. */
  readonly hubNamespace: string | undefined;
  readonly say: (line: string) => void;
}

/** An operator that lives has begun within this. */
const OPERATOR_WITHIN_MS = 5_000;
/** Kubernetes lists the pods of a Service within this after it got its selector. */
const LISTED_WITHIN_MS = 30_000;
/** So many Services are changed over side by side. */
const AT_ONCE = 8;
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 2_000;
const manager = 'kubectl-kitchen';

interface Service extends KubeObject {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

interface Slice extends KubeObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** Leads all Services past the hubs. Throws when one still leads there in the end. */
export async function bypassHubs(options: BypassOptions): Promise<void> {
  const { say } = options;
  const noted = await noteBypass(options);
  const behind = await servicesBehindHubs(options);
  if (behind.length === 0)
    return say(`no Service leads to hubs${noted.map((name) => `; ${name} is bypassed`).join('')}`);
  say(`${inNumber(behind)} to hubs`);
  const left = await leftByOperator(options);
  for (let first = 0; first < left.length; first += AT_ONCE) {
    await Promise.all(left.slice(first, first + AT_ONCE).map((service) => leadToPods(service, options)));
  }
  say(`all Services lead to their pods; end it with kubectl kitchen bypass --off`);
}

/** Takes the notes back: an operator that lives leads the Services to the hubs again. */
export async function endBypass(options: BypassOptions): Promise<void> {
  const names = await note(options, () => null);
  options.say(names.length === 0 ? 'there are no hubs' : `${names.join(', ')}: Services may lead to these hubs again`);
}

function noteBypass(options: BypassOptions): Promise<readonly string[]> {
  return note(options, ({ metadata }) => metadata.uid ?? '');
}

/** Writes a note beside each DaemonSet of hubs; resolves to the names of these. */
async function note(
  { client, hubNamespace }: BypassOptions,
  valueFor: (daemonSet: KubeObject) => string | null,
): Promise<readonly string[]> {
  const selection = { fieldSelector: `metadata.name=${HUB_DAEMON_SET}`, metadataOnly: true };
  const { items } = await client.list(scoped({ resource: daemonSets }, hubNamespace), selection);
  for (const daemonSet of items) {
    const { namespace = '' } = daemonSet.metadata;
    const patch = { metadata: { annotations: { [annotations.bypassed]: valueFor(daemonSet) } } };
    const doing = `noting in ConfigMap ${namespace}/${HUB_PORTS_OBJECT} which hubs are bypassed`;
    // Without the object no Service has ever led to these hubs.
    await unlessGone(
      client.patch({ resource: configMaps, namespace, name: HUB_PORTS_OBJECT }, patch, {
        ...writing(doing),
        type: 'merge',
      }),
    );
  }
  return items.map(({ metadata }) => `DaemonSet ${keyOf(metadata)}`);
}

/** Our Services that select nothing, and so lead nowhere without the hubs. */
async function servicesBehindHubs({ client, namespace }: BypassOptions): Promise<readonly Service[]> {
  const labelSelector = `${labels.managedBy}=${fieldManagers.operator},${labels.station}`;
  const { items } = await client.list<Service>(scoped({ resource: services }, namespace), { labelSelector });
  return items.filter(({ spec }) => Object.keys(spec?.selector ?? {}).length === 0);
}

/** Waits for the operator for as long as it gets on; resolves to what it leaves undone. */
async function leftByOperator(options: BypassOptions): Promise<readonly Service[]> {
  const { clock, say } = options;
  let left = await servicesBehindHubs(options);
  let changedMs = clock.monotonicMs();
  let saidMs = changedMs;
  while (left.length > 0 && clock.monotonicMs() - changedMs < OPERATOR_WITHIN_MS) {
    await clock.sleep(LOOK_EVERY_MS);
    const before = left.length;
    left = await servicesBehindHubs(options);
    const nowMs = clock.monotonicMs();
    if (left.length < before) changedMs = nowMs;
    if (nowMs - saidMs < SAY_EVERY_MS) continue;
    saidMs = nowMs;
    say(`${inNumber(left)} there yet`);
  }
  if (left.length > 0) say(`${inNumber(left)} there yet, and no operator changes that: it is done here`);
  return left;
}

/** First the selector, and when Kubernetes lists the pods, the slices that list the hubs go. */
async function leadToPods(service: Service, { client, clock, say }: BypassOptions): Promise<void> {
  const { namespace = '', name = '', resourceVersion, labels: given = {} } = service.metadata;
  const at = { resource: services, namespace, name };
  const selector = stationSelector(given[labels.kitchen] ?? '', given[labels.station] ?? '');
  const patch = { metadata: { resourceVersion }, spec: { selector } };
  await client.patch(at, patch, { ...writing(`giving Service ${namespace}/${name} its selector`), type: 'merge' });
  const of = `${labels.sliceService}=${name}`;
  const slices = async (): Promise<{ readonly hubs: readonly Slice[]; readonly isListed: boolean }> => {
    const { items } = await client.list<Slice>({ resource: endpointSlices, namespace }, { labelSelector: of });
    const isOurs = ({ metadata }: Slice): boolean =>
      metadata.labels?.[labels.sliceManagedBy] === fieldManagers.operator;
    return { hubs: items.filter(isOurs), isListed: items.some((slice) => !isOurs(slice) && hasReady(slice)) };
  };
  const untilMs = clock.monotonicMs() + LISTED_WITHIN_MS;
  let seen = await slices();
  while (!seen.isListed && clock.monotonicMs() < untilMs) {
    await clock.sleep(LOOK_EVERY_MS);
    seen = await slices();
  }
  if (!seen.isListed) say(`Service ${namespace}/${name} has no pod that is ready`);
  for (const { metadata } of seen.hubs) {
    const slice = { resource: endpointSlices, namespace, name: metadata.name ?? '' };
    await unlessGone(client.remove(slice, { uid: metadata.uid ?? '' }));
  }
  say(`Service ${namespace}/${name} leads to its pods`);
}

function inNumber({ length }: readonly Service[]): string {
  return length === 1 ? '1 Service leads' : `${length} Services lead`;
}

function hasReady({ endpoints }: Slice): boolean {
  return (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
}

function scoped(of: Scope, namespace: string | undefined): Scope {
  return namespace === undefined ? of : { ...of, namespace };
}

function writing(doing: string): CallOptions & { readonly fieldManager: string } {
  return { fieldManager: manager, doing };
}

async function unlessGone(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isCode(error, 'notFound')) throw error;
  }
}
