import { hubLabels, HUB_PORTS_OBJECT } from '../api/hub.ts';
import { selectorText } from '../api/labels.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { configMaps, pods, secrets } from '../api/kubernetes/resource.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Clock } from '../engine/clock.ts';
import type { Selection } from '../kube/client.ts';
import type { Scope } from '../kube/path.ts';
import { Store } from '../kube/store.ts';
import { projectHubPod } from './hubPod.ts';
import type { HubPod } from './hubPod.ts';
import type { HubKeys } from './keys.ts';
import { AUTHORITY_FILE, AUTHORITY_OBJECT, KEYS_OBJECT, keysIn } from './keysObject.ts';
import type { HubPorts } from './ports.ts';
import { portsIn } from './portsObject.ts';
import type { PortsKept } from './portsObject.ts';

/** What is kept of an object of which there is one. */
export interface Single<T> {
  readonly resourceVersion: string;
  readonly value: T;
}

/** The objects of the operator's own namespace that hubs need. */
export interface OwnStores {
  readonly hubs: Store<HubPod>;
  readonly ports: Store<Single<PortsKept>>;
  readonly keys: Store<Single<HubKeys | undefined>>;
  /** The authorities that hubs believe, one PEM after the other. */
  readonly authority: Store<Single<string>>;
}

/** How each of the stores is filled. */
export interface OwnSource {
  readonly store: OwnStores[keyof OwnStores];
  readonly of: Scope;
  readonly selection: Selection;
}

interface Making {
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export function makeOwnStores({ clock, onError }: Making): OwnStores {
  const single = <T>(name: string, read: (raw: KubeObject) => T): Store<Single<T>> =>
    new Store({
      name,
      clock,
      onError,
      project: (raw) => ({ resourceVersion: raw.metadata.resourceVersion ?? '', value: read(raw) }),
    });
  return {
    hubs: new Store<HubPod>({ name: 'hubs', clock, onError, project: projectHubPod }),
    ports: single('hub ports', portsIn),
    keys: single('hub keys', keysIn),
    authority: single(
      'hub authority',
      (raw) => (raw as { readonly data?: Record<string, string> }).data?.[AUTHORITY_FILE] ?? '',
    ),
  };
}

/** Each is watched by its name alone: a right to one object by name allows that, and shows no other. */
export function ownSources(stores: OwnStores, namespace: string): readonly OwnSource[] {
  const named = (name: string): Selection => ({ fieldSelector: `metadata.name=${name}` });
  return [
    { store: stores.hubs, of: { resource: pods, namespace }, selection: { labelSelector: selectorText(hubLabels) } },
    { store: stores.ports, of: { resource: configMaps, namespace }, selection: named(HUB_PORTS_OBJECT) },
    { store: stores.keys, of: { resource: secrets, namespace }, selection: named(KEYS_OBJECT) },
    { store: stores.authority, of: { resource: configMaps, namespace }, selection: named(AUTHORITY_OBJECT) },
  ];
}

/** The ports that were given; none while the object is not there. */
export function givenPorts(ports: OwnStores['ports'], namespace: string): HubPorts {
  return ports.get(keyOf({ namespace, name: HUB_PORTS_OBJECT }))?.value.ports ?? new Map();
}

/** Whether a person asked that no Service lead to these hubs (`kubectl kitchen bypass`). Hubs that are installed again count. */
export function areBypassed({ hubs, ports }: Pick<OwnStores, 'hubs' | 'ports'>, namespace: string): boolean {
  const bypassed = ports.get(keyOf({ namespace, name: HUB_PORTS_OBJECT }))?.value.bypassed;
  return bypassed !== undefined && hubs.list().every(({ daemonSet }) => daemonSet === bypassed);
}
