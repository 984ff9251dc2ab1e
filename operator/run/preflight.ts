import type { KindName } from '../observe/kinds.ts';
import { hubKindNames, kindNamed, kinds, usualKindNames } from '../observe/kinds.ts';
import type { Client } from '../kube/client.ts';
import { ApiError, isCode } from '../kube/errors.ts';
import {
  configMaps,
  endpoints,
  endpointSlices,
  events,
  leases,
  pods,
  secrets,
  tokenReviews,
} from '../api/kubernetes/resource.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import { HUB_PORTS_OBJECT } from '../api/hub.ts';
import { AUTHORITY_OBJECT, KEYS_OBJECT } from '../hub/keysObject.ts';
import { kitchens, stations } from '../api/resources.ts';
import { hasRight } from '../kube/rights.ts';
import type { Right } from '../kube/rights.ts';

/** The operator cannot start; the message names the cause and the cure. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * The rights for every kind that is watched, for Events, and to set demand that follows load. Those for Leases of nodes are asked for only if they are
 * watched.
 */
const needs: readonly Right[] = [
  ...usualKindNames.flatMap(needsOf),
  ...['create', 'patch'].map((verb) => ({ resource: events, verb })),
  { resource: stations, verb: 'patch', subresource: 'scale' },
];

export interface Preflight {
  readonly client: Client;
  readonly server: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Undefined: no election. */
  readonly leaseNamespace: string | undefined;
  /** Whether Leases of nodes are watched. */
  readonly readsLeases: boolean;
  /** The namespace of the hubs; undefined: there are none. */
  readonly hubNamespace?: string | undefined;
}

/**
 * Checks that the server answers, that the CRDs are there, and that the operator has all rights. Returns the server's
 * version.
 */
export async function preflight(start: Preflight): Promise<string> {
  const version = await reach(start);
  await findCrds(start);
  const denied = await deniedOf(start);
  if (denied.length === 0) return version;
  const forLeases = start.readsLeases
    ? ', and the Role kitchen-operator-suspects, which is for the Leases of nodes and not needed with --suspect-after 0 (in the chart: suspectAfter),'
    : '';
  const forHubs =
    start.hubNamespace === undefined
      ? ''
      : ' and the roles kitchen-operator-hub, which are for hubs and not needed without --hub-listen (in the chart: hub.enabled),';
  throw new StartError(
    `no permission to ${denied.join('; ')}. Bind the ClusterRole kitchen-operator${forLeases}${forHubs} to this user or service account: the chart does so, and manifests/install.yaml`,
  );
}

async function reach({ client, server }: Preflight): Promise<string> {
  try {
    const { gitVersion } = await client.request<{ gitVersion?: string }>({ path: '/version', timeoutMs: 10_000 });
    return gitVersion ?? 'of unknown version';
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthorized') {
      throw new StartError(
        `${server} does not accept the credentials (${error.why}): renew them, or choose others with --kubeconfig or --context`,
        { cause: error },
      );
    }
    if (!(error instanceof ApiError) || error.code === 'forbidden') throw error;
    throw new StartError(
      `${server} cannot be reached (${error.why}): is the cluster up, and is it the one meant by --kubeconfig and --context?`,
      { cause: error },
    );
  }
}

async function findCrds({ client, namespaces }: Preflight): Promise<void> {
  const [namespace] = namespaces;
  for (const resource of [kitchens, stations]) {
    try {
      await client.page(
        { resource, ...(namespace === undefined ? {} : { namespace }) },
        { limit: 1, timeoutMs: 10_000 },
      );
    } catch (error) {
      if (isCode(error, 'notServed')) {
        throw new StartError(
          `the cluster does not know the kind ${resource.kind}: install the CRDs first, with kubectl apply --server-side -f crds/ or with the chart`,
          { cause: error },
        );
      }
      // A missing right is left to the check of all rights, which names every missing one in one message.
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== 'forbidden')
        throw new StartError(`${error.message}: is the API server overloaded?`, { cause: error });
    }
  }
}

async function deniedOf(start: Preflight): Promise<readonly string[]> {
  const { client, namespaces, leaseNamespace, readsLeases, hubNamespace } = start;
  const places = namespaces.length === 0 ? [undefined] : namespaces;
  const asked: Right[] = needs.flatMap((need) =>
    (need.resource.namespaced ? places : [undefined]).map((namespace) => ({ ...need, namespace })),
  );
  if (leaseNamespace !== undefined) {
    // A Role may allow `get` and `patch` for this one Lease by its name. They are asked for only once the Lease is
    // there.
    asked.push({ resource: leases, verb: 'create', namespace: leaseNamespace });
  }
  if (readsLeases) {
    asked.push(...needsOf('leases').map((need) => ({ ...need, namespace: kinds.leases.onlyIn })));
  }
  if (hubNamespace !== undefined) asked.push(...hubNeeds(hubNamespace, places));
  const answers = await Promise.all(asked.map(async (right) => ({ right, allowed: await hasRight(client, right) })));
  const denied = new Map<string, string[]>();
  for (const { right, allowed } of answers) {
    if (allowed) continue;
    const what = inWords(right);
    denied.set(what, [...(denied.get(what) ?? []), right.verb]);
  }
  return [...denied].map(([what, verbs]) => `${verbs.join(', ')} ${what}`);
}

/** The rights that hubs need. Those to single objects are given by name, so they are asked for by name. */
function hubNeeds(own: string, places: readonly (string | undefined)[]): readonly Right[] {
  const inOwn = (resource: Resource, verbs: readonly string[], name?: string): readonly Right[] =>
    verbs.map((verb) => ({ resource, verb, namespace: own, ...(name === undefined ? {} : { name }) }));
  const kept = ['list', 'watch', 'patch'] as const;
  return [
    { resource: tokenReviews, verb: 'create' },
    ...places.flatMap((namespace) => [
      ...hubKindNames.flatMap(needsOf).map((need) => ({ ...need, namespace })),
      ...['create', 'patch', 'delete'].map((verb) => ({ resource: endpointSlices, verb, namespace })),
      { resource: endpoints, verb: 'delete', namespace },
    ]),
    ...inOwn(pods, ['list', 'watch']),
    ...inOwn(configMaps, ['create']),
    ...inOwn(secrets, ['create']),
    ...inOwn(configMaps, kept, HUB_PORTS_OBJECT),
    ...inOwn(configMaps, kept, AUTHORITY_OBJECT),
    ...inOwn(secrets, kept, KEYS_OBJECT),
  ];
}

function inWords({ resource, subresource, namespace, name }: Right): string {
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const kind = resource.group === '' ? plural : `${plural}.${resource.group}`;
  const what = name === undefined ? kind : `${kind} ${name}`;
  return namespace === undefined ? what : `${what} in ${namespace}`;
}

/** The rights that the row of a kind lists. */
function needsOf(name: KindName): readonly Right[] {
  const { resource, verbs, statusVerbs = [] } = kindNamed(name);
  return [
    ...verbs.map((verb) => ({ resource, verb })),
    ...statusVerbs.map((verb) => ({ resource, verb, subresource: 'status' })),
  ];
}
