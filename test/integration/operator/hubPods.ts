import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import type { RunningEnvoy } from '../../../tools/envoy/start.ts';
import { release } from '../../../tools/generate/helm.ts';
import type { Stage } from './stage.ts';

/** Where hubs run. */
export const home = release.namespace;
export const hubLabels = { 'app.kubernetes.io/name': 'kitchen-hub', 'app.kubernetes.io/component': 'hub' };

/** Starts an operator that serves hubs, whether or not their addresses lead anywhere. */
export async function startHubOperator(stage: Stage, name = 'operator'): Promise<void> {
  await stage.operator(name, 'test/integration/operator/reachingAll.ts');
  await stage.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kitchen-hub', namespace: home } });
}

/** Makes a pod that is a hub to the operator. */
export async function addHub(stage: Stage, node: string): Promise<void> {
  await stage.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `hub-${node}`, namespace: home, labels: hubLabels },
    spec: { serviceAccountName: 'kitchen-hub', nodeName: node, containers: [{ name: 'envoy', image: 'envoy' }] },
  } as KubeObject);
}

/** A token for what runs in the pod of the hub on this node. */
export function hubToken(stage: Stage, node: string): Promise<string> {
  const bound = ['--bound-object-kind=Pod', `--bound-object-name=hub-${node}`];
  return stage.kubectl('create', 'token', 'kitchen-hub', '-n', home, '--audience=kitchen-hub', ...bound);
}

/** A real Envoy that asks the newest operator, and shows this token. */
export async function envoyWith(stage: Stage, token: string): Promise<RunningEnvoy> {
  const lines = (await stage.operators.at(-1)?.log()) ?? [];
  const serving = lines.find(({ msg }) => msg.startsWith('serving hubs at'))?.msg ?? '';
  const jsonpath = 'jsonpath={.data.ca\\.crt}';
  const authority = await stage.kubectl('get', 'configmap', 'kitchen-hub-authority', '-n', home, '-o', jsonpath);
  const operator = { port: Number(/:(\d+)$/.exec(serving)?.[1]), name: 'hub.kitchen.dev' };
  return startEnvoy({ operator, token, authority });
}
