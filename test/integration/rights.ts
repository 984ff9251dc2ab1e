import assert from 'node:assert/strict';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import { loadConfig } from '../../operator/kube/config.ts';
import { connect } from '../../operator/kube/connect.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';

export interface Asked {
  readonly verb: string;
  /** `plural.group/subresource#name`; all but the plural may be left out. */
  readonly resource: string;
  readonly as: string;
  /** Empty: the whole cluster. */
  readonly where: string;
}

/** What the API server's authorizer says. */
export async function mayDo(cluster: Cluster, { verb, resource, as, where }: Asked): Promise<boolean> {
  const parts = /^(?<plural>[a-z]+)(\.(?<group>[a-z0-9.]+))?(\/(?<sub>[a-z]+))?(#(?<name>.+))?$/.exec(resource)?.groups;
  assert.ok(parts, resource);
  const resourceAttributes = {
    verb,
    namespace: where,
    resource: parts['plural'],
    group: parts['group'] ?? '',
    subresource: parts['sub'] ?? '',
    name: parts['name'] ?? '',
  };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const body = { spec: { user: as, groups: ['system:authenticated'], resourceAttributes } };
  const { status } = await cluster.api.call<{ status: { allowed: boolean } }>('POST', path, body);
  return status.allowed;
}

/** Gives `<role>-person` the role in the namespace. */
export async function bind(cluster: Cluster, to: { readonly role: string; readonly namespace: string }): Promise<void> {
  await cluster.api.call('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${to.namespace}/rolebindings`, {
    metadata: { name: `${to.role}-person` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: to.role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: `${to.role}-person` }],
  });
}

/** Acts with a token of the service account. */
export async function asAccount(
  cluster: Cluster,
  account: { readonly namespace: string; readonly serviceAccount: string },
  act: (client: Client) => Promise<void>,
): Promise<void> {
  const kubeconfig = await cluster.kubeconfigFor(account);
  const config = loadConfig({ kubeconfig, clock: systemClock });
  const client = connect({ config, clock: systemClock, userAgent: 'chart-test' });
  try {
    await act(client);
  } finally {
    await client.close();
  }
}
