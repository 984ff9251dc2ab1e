import type { KubeObject } from '../api/kubernetes/object.ts';

/** What is kept of a pod of a hub. */
export interface HubPod {
  /** Names of its node and its IP address; empty while it has none. */
  readonly node: string;
  readonly address: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** Uid of the DaemonSet that it belongs to; empty for a pod without one. */
  readonly daemonSet: string;
}

interface RawPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** A pod of a hub; undefined for one that ran to its end. */
export function projectHubPod(raw: KubeObject): HubPod | undefined {
  const { metadata, spec, status } = raw as RawPod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
  return {
    node: spec?.nodeName ?? '',
    address: status?.podIP ?? '',
    ready: status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true,
    deleting: metadata.deletionTimestamp !== undefined,
    daemonSet: metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '',
  };
}
