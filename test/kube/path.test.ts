import assert from 'node:assert/strict';
import { deployments, events, nodes, pods } from '../../operator/api/kubernetes/resource.ts';
import { describe as words, pathOf } from '../../operator/kube/path.ts';

describe('a path', () => {
  const paths: [Parameters<typeof pathOf>[0], string][] = [
    [{ resource: pods }, '/api/v1/pods'],
    [{ resource: pods, namespace: 'a' }, '/api/v1/namespaces/a/pods'],
    [{ resource: nodes, name: 'n/1' }, '/api/v1/nodes/n%2F1'],
    [{ resource: events, namespace: 'a' }, '/apis/events.k8s.io/v1/namespaces/a/events'],
    [
      { resource: deployments, namespace: 'a', name: 'b', subresource: 'scale' },
      '/apis/apps/v1/namespaces/a/deployments/b/scale',
    ],
  ];
  for (const [at, path] of paths) it(`of ${words(at)} is ${path}`, () => assert.equal(pathOf(at), path));

  it('is refused without a namespace where one is needed, and with one where none can be', () => {
    assert.throws(() => pathOf({ resource: pods, name: 'a' }), /pods a: a namespace is needed/);
    assert.throws(() => pathOf({ resource: nodes, namespace: 'a' }), /nodes have no namespace, but a was given/);
  });
});
