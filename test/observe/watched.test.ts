import assert from 'node:assert/strict';
import { pathOf } from '../../operator/kube/path.ts';
import { watched } from '../../operator/observe/watched.ts';
import { storesWith } from '../builders/stores.ts';

describe('what is watched', () => {
  const lines = (namespace?: string): readonly string[] =>
    watched(storesWith(), namespace)
      .map(({ of, selection: { labelSelector = '', metadataOnly }, store }) =>
        `${store.name} ${pathOf(of)} ${labelSelector} ${metadataOnly === true ? 'metadata' : ''}`.trimEnd(),
      )
      .toSorted();

  it('is the whole cluster: of pods and children only ours, of ReplicaSets only their owners', () => {
    assert.deepEqual(lines(), [
      'autoscalers /apis/autoscaling/v2/horizontalpodautoscalers',
      'budgets /apis/policy/v1/poddisruptionbudgets',
      'deployments /apis/apps/v1/deployments kitchen.dev/station',
      'kitchens /apis/kitchen.dev/v1alpha1/kitchens',
      'namespaces /api/v1/namespaces',
      'nodes /api/v1/nodes',
      'pods /api/v1/pods kitchen.dev/station',
      'replicaSets /apis/apps/v1/replicasets kitchen.dev/station metadata',
      'services /api/v1/services kitchen.dev/station',
      'slices /apis/discovery.k8s.io/v1/endpointslices kitchen.dev/station',
      'stations /apis/kitchen.dev/v1alpha1/stations',
    ]);
  });

  it('is one namespace when told so, and still every node and namespace', () => {
    for (const line of lines('food')) assert.match(line, / \/api\/v1\/(nodes|namespaces)$|\/namespaces\/food\//);
  });
});
