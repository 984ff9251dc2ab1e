import { dump } from 'js-yaml';
import { release, renderChart } from './helm.ts';
import type { Rendered } from './helm.ts';

const header = `# Rendered from charts/kitchen-operator by \`npm run generate\`. Change that, not this.
# kubectl apply --server-side --filename install.yaml
`;

const namespace: Rendered = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: release.namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

/**
 * The text of `manifests/install.yaml`: the objects of the chart and their namespace, without fields that only Helm
 * reads. It has the chart's default values, unless `--set` values are given.
 */
export async function installManifest(...values: readonly string[]): Promise<string> {
  const objects = [namespace, ...(await renderChart(...values))].map(withoutHelm);
  return header + objects.map((object) => dump(object, { noRefs: true, lineWidth: -1 })).join('---\n');
}

function withoutHelm(object: Rendered): unknown {
  return JSON.parse(JSON.stringify(object), (_key, value: unknown) =>
    isRecord(value) ? withoutHelmKeys(value) : value,
  );
}

function withoutHelmKeys(map: Record<string, unknown>): Record<string, unknown> | undefined {
  const {
    'helm.sh/chart': _chart,
    'helm.sh/resource-policy': policy,
    'app.kubernetes.io/managed-by': _by,
    ...rest
  } = map;
  return policy !== undefined && Object.keys(rest).length === 0 ? undefined : rest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
