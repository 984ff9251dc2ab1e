import assert from 'node:assert/strict';
import type { AuditLine } from '../../../tools/bench/audit.ts';
import { countsOf, totalOf } from '../../../tools/bench/scale/writes.ts';

const account = 'system:serviceaccount:kube-system';
const senders = {
  operator: { userAgent: 'kitchen-operator/0.1.0', user: { username: 'admin' } },
  floor: { userAgent: 'bench-floor', user: { username: 'admin' } },
  bench: { userAgent: 'bench', user: { username: 'admin' } },
  replicaSets: { userAgent: 'kube-controller-manager/v1.37.2', user: { username: `${account}:replicaset-controller` } },
  nodes: { userAgent: 'kube-controller-manager/v1.37.2', user: { username: `${account}:node-controller` } },
  scheduler: { userAgent: 'kube-scheduler/v1.37.2', user: { username: 'system:kube-scheduler' } },
  kwok: { userAgent: 'kwok/v0.8.0', user: { username: 'kwok' } },
} as const;

function aWrite(from: keyof typeof senders, what: string, code = 200): AuditLine {
  const [verb = '', kind = ''] = what.split(' ');
  const [resource = '', subresource] = kind.split('/');
  return {
    verb,
    ...senders[from],
    objectRef: { resource, ...(subresource === undefined ? {} : { subresource }) },
    responseStatus: { code },
    requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
  };
}

describe('writes a station', () => {
  it('are counted by kind, ours apart from those of Kubernetes', () => {
    const lines = [
      aWrite('operator', 'patch deployments'),
      aWrite('operator', 'patch stations/status'),
      aWrite('operator', 'patch stations/status'),
      aWrite('replicaSets', 'create pods', 201),
      aWrite('scheduler', 'create pods/binding', 201),
    ];
    assert.deepEqual(countsOf(lines, 4), {
      writes: { 'patch stations/status': 0.5, 'patch deployments': 0.25 },
      kubernetesWrites: { 'kube-scheduler create pods/binding': 0.25, 'replicaset-controller create pods': 0.25 },
      conflicts: { ours: 0, kubernetes: 0 },
    });
  });

  it('of the floor are ours', () => {
    assert.deepEqual(countsOf([aWrite('floor', 'patch deployments/scale')], 1).writes, {
      'patch deployments/scale': 1,
    });
  });

  it('leave out Leases, nodes, kwok and the benchmark', () => {
    const lines = [
      aWrite('operator', 'update leases'),
      aWrite('nodes', 'patch nodes/status'),
      aWrite('kwok', 'patch pods/status'),
      aWrite('bench', 'delete pods'),
    ];
    const { writes, kubernetesWrites } = countsOf(lines, 1);
    assert.deepEqual([writes, kubernetesWrites], [{}, {}]);
  });

  it('count a conflict as a write, and by itself', () => {
    const lines = [
      aWrite('operator', 'patch deployments', 409),
      aWrite('replicaSets', 'update replicasets', 409),
      aWrite('replicaSets', 'update replicasets'),
    ];
    const counts = countsOf(lines, 2);
    assert.deepEqual(counts.conflicts, { ours: 0.5, kubernetes: 0.5 });
    assert.equal(totalOf(counts.kubernetesWrites), 1);
  });
});
