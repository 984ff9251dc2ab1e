import assert from 'node:assert/strict';
import type { ManagedFieldsEntry } from '../../operator/api/kubernetes/object.ts';
import { projectLease } from '../../operator/observe/projectLease.ts';

const renewTime = '2026-01-02T03:04:05.678901Z';
const renewing = { 'f:spec': { 'f:renewTime': {} } };

function aLease(managedFields?: readonly ManagedFieldsEntry[], spec: object = { renewTime, holderIdentity: 'node-1' }) {
  const metadata = { name: 'node-1', ...(managedFields === undefined ? {} : { managedFields }) };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}
const secondsOf = (time: string): number => Date.parse(time) / 1000;

describe('a Lease', () => {
  it('is boiled down to its name and its renewal', () => {
    const renewedAt = secondsOf('2026-01-02T03:04:05Z');
    assert.deepEqual(projectLease(aLease()), { name: 'node-1', renewTime, renewedAt });
  });

  it('was renewed when the API server says so, whatever the clock of the node says', () => {
    const kubelet = { manager: 'kubelet', time: '2026-01-02T02:00:00Z', fieldsV1: renewing };
    const person = { manager: 'kubectl', time: '2026-01-02T02:30:00Z', fieldsV1: { 'f:metadata': {} } };
    const lease = projectLease(aLease([person, kubelet]));
    assert.deepEqual([lease?.renewTime, lease?.renewedAt], [renewTime, secondsOf('2026-01-02T02:00:00Z')]);
  });

  it('is none before it was renewed once', () => {
    for (const spec of [{}, { renewTime: null }, { renewTime: '' }, { renewTime: 'soon' }]) {
      assert.equal(projectLease(aLease(undefined, spec)), undefined);
    }
  });
});
