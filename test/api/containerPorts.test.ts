import assert from 'node:assert/strict';
import { declaredPorts } from '../../operator/api/containerPorts.ts';

describe('ports', () => {
  it('of a pod are those of its containers and sidecars', () => {
    const spec = {
      containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }, { ports: null }],
      initContainers: [
        { restartPolicy: 'Always', ports: [{ containerPort: 53, protocol: 'UDP' }] },
        { ports: [{ name: 'once', containerPort: 1 }] },
      ],
    };
    assert.equal(declaredPorts(spec), 'web:8080/TCP :53/UDP');
    assert.equal(declaredPorts(undefined), '');
  });
});
