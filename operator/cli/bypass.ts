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
import type { Ref, Scope } from '../kube/path.ts';

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
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 2_000;
const manager = 'kubectl-kitchen';

interface Service extends KubeObject {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

interface Slice extends KubeObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** Leads all Services past the hubs. Throws when one still leads there in the end, and names it. */
export async function bypassHubs(options: BypassOptions): Promise<void> {
  const { say } = options;
  const noted = await note(options, ({ metadata }) => metadata.uid ?? '');
  const behind = await servicesBehindHubs(options);
  const listing = await servicesListingHubs(options);
  if (behind.length === 0 && listing.length === 0)
    return say(`no Service leads to hubs${noted.map((name) => `; ${name} is bypassed`).join('')}`);
  say(`${inNumber(behind)} to hubs`);
  const left = await leftByOperator(options);
  await Promise.all(left.map((service) => giveSelector(service, options)));
  // Also those of an operator that knew nothing of hubs: it gave the Services their selectors and left the slices.
  const undone = await dropSlices(await servicesListingHubs(options), options);
  if (undone.length > 0) {
    const names = undone.map(({ metadata }) => keyOf(metadata)).join(', ');
    throw new Error(
      `the slices of the hubs stay for ${names}: Kubernetes does not list their pods, or something takes the selector away again. Is the kube-controller-manager well? Is there an operator of another version?`,
    );
  }
  say('all Services lead to their pods; end it with kubectl kitchen bypass --off');
}

/** Takes the notes back: an operator that lives leads the Services to the hubs again. */
export async function endBypass(options: BypassOptions): Promise<void> {
  const names = await note(options, () => null);
  options.say(names.length === 0 ? 'there are no hubs' : `${names.join(', ')}: Services may lead to these hubs again`);
}

/** Writes a note beside each DaemonSet of hubs; resolves to the names of those for which there is one now. */
async function note(
  { client, hubNamespace }: BypassOptions,
  valueFor: (daemonSet: KubeObject) => string | null,
): Promise<readonly string[]> {
  const selection = { fieldSelector: `metadata.name=${HUB_DAEMON_SET}`, metadataOnly: true };
  const { items } = await client.list(scoped({ resource: daemonSets }, hubNamespace), selection);
  const noted: string[] = [];
  for (const daemonSet of items) {
    const { namespace = '' } = daemonSet.metadata;
    const at = { resource: configMaps, namespace, name: HUB_PORTS_OBJECT };
    const patch = { metadata: { annotations: { [annotations.bypassed]: valueFor(daemonSet) } } };
    const doing = `noting in ConfigMap ${namespace}/${HUB_PORTS_OBJECT} which hubs are bypassed`;
    // Without the object no Service leads to these hubs: their ports would be in it.
    const isNoted = await unlessGone(client.patch(at, patch, { ...writing(doing), type: 'merge' }));
    if (isNoted) noted.push(`DaemonSet ${keyOf(daemonSet.metadata)}`);
  }
  return noted;
}

async function servicesOfStations({ client, namespace }: BypassOptions): Promise<readonly Service[]> {
  const labelSelector = `${labels.managedBy}=${fieldManagers.operator},${labels.station}`;
  const { items } = await client.list<Service>(scoped({ resource: services }, namespace), { labelSelector });
  return items.filter(isOfKitchen);
}

/** Services that select nothing, and so lead nowhere without the hubs. */
async function servicesBehindHubs(options: BypassOptions): Promise<readonly Service[]> {
  return (await servicesOfStations(options)).filter((service) => !selectsPods(service));
}

/** Services with slices that list hubs, whether or not they select pods too. */
async function servicesListingHubs(options: BypassOptions): Promise<readonly Service[]> {
  const { client, namespace } = options;
  const labelSelector = `${labels.sliceManagedBy}=${fieldManagers.operator}`;
  const slices = (await client.list(scoped({ resource: endpointSlices }, namespace), { labelSelector })).items;
  const listed = new Set(
    slices.map(({ metadata }) =>
      keyOf({ namespace: metadata.namespace, name: metadata.labels?.[labels.sliceService] ?? '' }),
    ),
  );
  return (await servicesOfStations(options)).filter(({ metadata }) => listed.has(keyOf(metadata)));
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

async function giveSelector({ metadata }: Service, { client }: BypassOptions): Promise<void> {
  const { namespace = '', name = '', labels: given = {} } = metadata;
  const selector = stationSelector(given[labels.kitchen] ?? '', given[labels.station] ?? '');
  const doing = writing(`giving Service ${namespace}/${name} its selector`);
  const at = { resource: services, namespace, name };
  await unlessGone(client.patch(at, { spec: { selector } }, { ...doing, type: 'merge' }));
}

/**
 * Takes the slices of the hubs away from each of the Services, as soon as Kubernetes lists their pods. Resolves to those
 * for which it has not done so in time: they keep the slices, since the hubs may be their only way.
 */
async function dropSlices(all: readonly Service[], options: BypassOptions): Promise<readonly Service[]> {
  const { client, clock, say } = options;
  const untilMs = clock.monotonicMs() + LISTED_WITHIN_MS;
  let left = all;
  for (;;) {
    const waiting: Service[] = [];
    for (const service of left) {
      const way = await wayOf(service, client);
      if (way === undefined) continue;
      if (!way.leadsToPods) waiting.push(service);
      else {
        for (const slice of way.hubSlices) await unlessGone(client.remove(slice.at, { uid: slice.uid }));
        say(`Service ${keyOf(service.metadata)} leads to its pods`);
      }
    }
    left = waiting;
    if (left.length === 0 || clock.monotonicMs() > untilMs) return left;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

interface Way {
  /** It selects its pods, and Kubernetes lists as many of them as are ready. */
  readonly leadsToPods: boolean;
  readonly hubSlices: readonly { readonly at: Ref; readonly uid: string }[];
}

/** Where a Service leads now; undefined: it is gone. */
async function wayOf({ metadata }: Service, client: Client): Promise<Way | undefined> {
  const { namespace = '', name = '' } = metadata;
  const slicesOf = async (service: string): Promise<readonly Slice[]> =>
    (
      await client.list<Slice>(
        { resource: endpointSlices, namespace },
        { labelSelector: `${labels.sliceService}=${service}` },
      )
    ).items;
  // By a list: a Job that may list Services need not be let get them too.
  const selection = { fieldSelector: `metadata.name=${name}` };
  const [live] = (await client.list<Service>({ resource: services, namespace }, selection)).items;
  if (live === undefined) return undefined;
  const [slices, ofPods] = await Promise.all([slicesOf(name), slicesOf(`${name}-pods`)]);
  const isOfHubs = (slice: Slice): boolean => slice.metadata.labels?.[labels.sliceManagedBy] === fieldManagers.operator;
  const listed = readyIn(slices.filter((slice) => !isOfHubs(slice)));
  const hubSlices = slices.filter(isOfHubs).map((slice) => ({
    at: { resource: endpointSlices, namespace, name: slice.metadata.name ?? '' },
    uid: slice.metadata.uid ?? '',
  }));
  return { leadsToPods: selectsPods(live) && listed >= readyIn(ofPods) && ofPods.length > 0, hubSlices };
}

function selectsPods({ spec }: Service): boolean {
  return Object.keys(spec?.selector ?? {}).length > 0;
}

/** Labels alone may be anybody's. */
function isOfKitchen({ metadata }: Service): boolean {
  return metadata.ownerReferences?.some(({ kind, controller }) => kind === 'Kitchen' && controller === true) === true;
}

/** How many endpoints are ready. */
function readyIn(slices: readonly Slice[]): number {
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
    .length;
}

function inNumber({ length }: readonly Service[]): string {
  return length === 1 ? '1 Service leads' : `${length} Services lead`;
}

function scoped(of: Scope, namespace: string | undefined): Scope {
  return namespace === undefined ? of : { ...of, namespace };
}

function writing(doing: string): CallOptions & { readonly fieldManager: string } {
  return { fieldManager: manager, doing };
}

/** Resolves to whether the object was there. */
async function unlessGone(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (!isCode(error, 'notFound')) throw error;
    return false;
  }
}
