import { hubLabels } from '../api/hub.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { LabelSelector, PolicyObject, PolicyPort } from './objects.ts';
import { selects } from './selects.ts';

interface RawPeer {
  readonly podSelector?: LabelSelector | null;
  readonly namespaceSelector?: LabelSelector | null;
}

interface RawPolicy extends KubeObject {
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[] | null;
    readonly ingress?:
      | readonly { readonly from?: readonly RawPeer[] | null; readonly ports?: readonly PolicyPort[] | null }[]
      | null;
  };
}

/** A NetworkPolicy, reduced to what it means for hubs. Undefined for one that is about outgoing traffic alone. */
export function projectPolicy(raw: KubeObject): PolicyObject | undefined {
  const { metadata, spec = {} } = raw as RawPolicy;
  if (spec.policyTypes?.includes('Ingress') === false) return undefined;
  const open = (spec.ingress ?? []).filter(({ from }) => (from ?? []).length === 0 || from?.some(namesHubs) === true);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    selector: spec.podSelector ?? {},
    openTo: open.map(({ ports }) => ports ?? []),
  };
}

/**
 * Whether a peer of a rule is the hubs. Which namespace is theirs is not known here, so where a rule names namespaces,
 * its pods have to be named as the hubs are.
 */
function namesHubs({ podSelector, namespaceSelector }: RawPeer): boolean {
  if (namespaceSelector === undefined || namespaceSelector === null) return false;
  if (podSelector !== undefined && podSelector !== null && !selects(podSelector, hubLabels)) return false;
  const isEveryNamespace = Object.keys(namespaceSelector).length === 0;
  const names = podSelector?.matchLabels ?? {};
  return isEveryNamespace || Object.keys(names).some((key) => key in hubLabels);
}
