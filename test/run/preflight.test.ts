import assert from 'node:assert/strict';

import { preflight } from '../../operator/run/preflight.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { FakeClient } from '../builders/fakeClient.ts';

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

describe('the look before the start', () => {
  let client: FakeClient;
  const look = (readsLeases = false): Promise<string> =>
    preflight({ client, server: 'https://kube:6443', namespaces: [], leaseNamespace: 'kitchens', readsLeases });
  const answer = (path: string, body: object): void => void client.objects.set(path, body as KubeObject);

  beforeEach(() => {
    client = new FakeClient();
    answer('/version', { gitVersion: 'v1.37.2' });
    answer(reviews, { status: { allowed: true } });
  });

  it('gives the version when all is as it must be', async () => {
    assert.equal(await look(), 'v1.37.2');
  });

  it('names the command that installs missing CRDs', async () => {
    client.failNext('list', '/kitchens', { code: 'notServed' });
    await assert.rejects(look(), /does not know the kind Kitchen: .*kubectl apply --server-side -f crds\//);
  });

  it('names every verb that is not allowed, and the role to bind', async () => {
    answer(reviews, { status: { allowed: false } });
    const error = await look().catch((thrown: unknown) => thrown);
    assert.match(String(error), /get, list, watch, create, patch, delete deployments\.apps;/);
    assert.match(String(error), /; list, watch replicasets\.apps;/);
    for (const read of [/to get, list, watch kitchens\.kitchen\.dev;/, /; get, list, watch nodes;/])
      assert.match(String(error), read);
    assert.match(String(error), /create leases\.coordination\.k8s\.io in kitchens\. Bind the ClusterRole/);
  });

  it('asks for the Leases of nodes only where they are wanted, and names the role for them', async () => {
    const asked = (): boolean => JSON.stringify(client.calls).includes('kube-node-lease');
    await look();
    assert.equal(asked(), false);
    await look(true);
    assert.equal(asked(), true);
    answer(reviews, { status: { allowed: false } });
    const error = await look(true).catch((thrown: unknown) => thrown);
    assert.match(String(error), /; list, watch leases\.coordination\.k8s\.io in kube-node-lease\. /);
    assert.match(
      String(error),
      /the Role kitchen-operator-suspects, .* not needed with --suspect-after 0 .in the chart: suspectAfter./,
    );
  });

  it('says that the server cannot be reached, and where to look', async () => {
    client.failNext('request', '/version', { code: 'connection', why: 'connect ECONNREFUSED' });
    await assert.rejects(look(), /https:\/\/kube:6443 cannot be reached \(connect ECONNREFUSED\).*--kubeconfig/);
  });

  it('says that credentials are not accepted', async () => {
    client.failNext('request', '/version', { code: 'unauthorized' });
    await assert.rejects(look(), /does not accept the credentials/);
  });

  it('says that the server answers too late', async () => {
    client.failNext('list', '/kitchens', { code: 'timeout', why: 'no answer within 10 s' });
    await assert.rejects(look(), {
      name: 'StartError',
      message: /no answer within 10 s: is the API server overloaded/,
    });
  });
});
