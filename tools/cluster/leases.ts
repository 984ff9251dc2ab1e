import type { Api } from './api.ts';

/*
 * kwok renews the Lease of a node as long as it is the holder. While another holder's Lease has not run out, kwok
 * leaves it alone, and changes nothing on the node, whose pods run on. So we can play a kubelet that cannot reach the
 * API server.
 */

/**
 * Stops the renewals of a node's Lease. The node stays Ready. Since Kubernetes 1.37 it does so for good: the node
 * controller ignores a Lease that another client has written. Before, it stayed Ready for the grace period.
 */
export async function freezeLease(api: Api, node: string): Promise<void> {
  await api.call('PATCH', pathOf(node), { spec: { holderIdentity: 'frozen', leaseDurationSeconds: 3_600 } });
}

/** Lets the node renew its Lease again, as it does within 10 s. */
export async function thawLease(api: Api, node: string): Promise<void> {
  await api.call('PATCH', pathOf(node), { spec: { leaseDurationSeconds: 1 } });
}

/** When the node's Lease was renewed last. */
export async function renewedAtMs(api: Api, node: string): Promise<number> {
  const { spec } = await api.call<{ readonly spec: { readonly renewTime: string } }>('GET', pathOf(node));
  return Date.parse(spec.renewTime);
}

function pathOf(node: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`;
}
