import * as z from 'zod';
import { boundedCount } from './object.ts';

const onOff = (what: string): z.ZodBoolean => z.boolean().describe(what);
const text = z.string().max(253);
const map = z.record(z.string(), z.string());
const namespaceName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  .max(63);
const openObject = z.looseObject({});
const port = boundedCount(1, 65_535);

const image = z.strictObject({
  repository: z.string().min(1).describe('Where the image is, without a tag.'),
  tag: z.string().describe("Its tag; empty: the chart's appVersion."),
  pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).describe('When the image is pulled.'),
});

const labelRequirement = z.strictObject({
  key: z.string().min(1),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).optional(),
});

const labelSelector = z.strictObject({
  matchLabels: map.optional(),
  matchExpressions: z.array(labelRequirement).optional(),
});

const watch = z.strictObject({
  namespaces: z
    .array(namespaceName)
    .max(256)
    .refine((names) => new Set(names).size === names.length)
    .meta({ uniqueItems: true })
    .describe(
      'The only namespaces whose Kitchens are served, each with a Role of its own; empty: all, by a ClusterRole.',
    ),
  namespaceSelector: z
    .union([z.string(), labelSelector])
    .describe(
      'Serve Kitchens only in namespaces whose labels match, such as `kitchen.dev/shard=a`: one operator of several, each a release of its own. As text, as for kubectl, or as an object with `matchLabels` and `matchExpressions`. Empty: in all.',
    ),
});

const leaving = z.strictObject({
  taints: z
    .array(z.string().min(1).max(317))
    .describe(
      'Keys of taints that say that a node is about to go, beside those of clouds, autoscalers and drains that the operator knows.',
    ),
  conditions: z
    .array(z.string().min(1).max(316))
    .describe('Types of node conditions that say that a node is about to go, beside those that the operator knows.'),
});

const scale = z.strictObject({
  resourceMetrics: onOff(
    'Let stations follow the metrics of type Resource: a right to list pods in metrics.k8s.io, which metrics-server serves.',
  ),
  podMetrics: onOff(
    'Let stations follow the metrics of type Pods: the operator reads them at the pods of stations. With `networkPolicy.enabled`, it is let out to these.',
  ),
  externalMetrics: z
    .array(z.string().min(1).max(253))
    .describe(
      'Names of the external metrics that stations may follow: a right to read each in external.metrics.k8s.io.',
    ),
});

const log = z.strictObject({
  level: z.enum(['error', 'warn', 'info', 'debug']).describe('The lowest level that is logged.'),
  format: z.enum(['json', 'text']).describe('One JSON object a line, or short lines for people.'),
});

const serviceAccount = z.strictObject({
  create: onOff('Make the service account.'),
  name: text.describe("Its name; empty: the release's full name, or `default` where it is not made."),
  annotations: map.describe('Annotations of the service account.'),
});

const rbac = z.strictObject({
  create: onOff("Make the operator's roles and bind them."),
  aggregateRoles: onOff(
    'Make `kitchen-edit` and `kitchen-view`, which widen the roles `admin`, `edit` and `view`. One release of several does.',
  ),
});

const podDisruptionBudget = z.strictObject({
  enabled: onOff('Let drains take one replica of the operator at a time.'),
});

const interval = z
  .string()
  .regex(/^[1-9]\d*(ms|s|m)$/)
  .describe('How often metrics are read.');

const serviceMonitor = z.strictObject({
  enabled: onOff('Make a ServiceMonitor (needs the Prometheus operator).'),
  labels: map.describe('Labels by which your Prometheus selects it.'),
  interval,
});

const podMonitor = z.strictObject({
  enabled: onOff(
    'Make a PodMonitor for the hubs too, with `hub.enabled` and `metrics.serviceMonitor.enabled`. Up to 29 series for each port of a station, from each of the two Envoys of a node.',
  ),
  labels: map.describe("Labels by which your Prometheus selects it; empty: the ServiceMonitor's."),
  interval,
});

const prometheusRule = z.strictObject({
  enabled: onOff('Make a PrometheusRule with alerts (needs the Prometheus operator).'),
  labels: map.describe('Labels by which your Prometheus selects it.'),
});

const metrics = z.strictObject({
  port: port.describe('Port of the metrics Service.'),
  serviceMonitor,
  podMonitor,
  prometheusRule,
});

const networkPolicy = z.strictObject({
  enabled: onOff('Let in metrics and probes only, and out only to the API server.'),
  metricsFrom: z
    .array(openObject)
    .describe('NetworkPolicy peers that may read metrics, those of hubs too; empty: everybody in the cluster.'),
  apiServerPorts: z.array(port).min(1).describe('Ports of the API server, of its Service and of its endpoints.'),
});

const hub = z.strictObject({
  enabled: onOff(
    'Run a hub on every node, through which the stations of Kitchens with `spec.hub` are served. It needs Kubernetes 1.34 and rights on EndpointSlices, Endpoints and TokenReviews.',
  ),
  image: z.strictObject({
    repository: z.string().min(1).describe('Where the image of Envoy is, without a tag.'),
    tag: z.string().min(1).describe('Its tag: a version of Envoy 1.40.'),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).describe('When the image is pulled.'),
  }),
  ports: z
    .string()
    .regex(/^\d{4,5}-\d{4,5}$/)
    .describe('Ports that hubs may listen on, one for each port of a Service; not 15000 to 15099, which meshes use.'),
  anyNode: z
    .boolean()
    .describe(
      "Lead Services to hubs also where the data plane leads clients to the hubs of other nodes. A node's death then costs them what it costs without hubs.",
    ),
  drainSeconds: boundedCount(2, 3600).describe(
    'How long a hub that ends goes on serving: how late the operator may be, 1 s for kube-proxy, 10 s until connections are made anew, and the longest answer.',
  ),
  bypassFirst: z
    .boolean()
    .describe(
      'Before hubs go (helm uninstall, enabled: false), a Job leads all Services to their pods again, with rights that it has for so long.',
    ),
  resources: openObject.describe('Requests and limits of each of the two Envoys of a hub.'),
  nodeSelector: map.describe('Labels of the nodes that have a hub; empty: all. The others use the hubs of their zone.'),
  tolerations: z.array(openObject).describe('Tolerations of the hubs.'),
  priorityClassName: text.describe('Priority class of the hubs.'),
});

/** The values of the chart, all required: Helm merges a user's values into `values.yaml` before it checks them. */
export const chartValues = z
  .strictObject({
    image,
    imagePullSecrets: z.array(z.strictObject({ name: text })).describe('Secrets to pull the image with.'),
    fullnameOverride: z.string().max(52).describe('Name of all that is made; empty: from the name of the release.'),
    replicas: boundedCount(1, 5).describe('Replicas of the operator: one leads, the others take over.'),
    crds: z.strictObject({
      install: onOff(
        'Install and upgrade the CRDs. They, and all Kitchens, stay when the chart is uninstalled. One release of several does.',
      ),
    }),
    watch,
    suspectAfter: z
      .union([z.string().regex(/^((1[5-9]|[2-9]\d|[1-9]\d{2,})s|[1-9]\d*m|0s?)?$/), z.literal(0)])
      .describe(
        'Replace the pods of a node whose Lease was not renewed for this long (at least 15s) while others were, instead of waiting until Kubernetes calls the node lost; the operator then reads Leases in `kube-node-lease`. 0: off.',
      ),
    forgetZoneAfter: z
      .string()
      .regex(/^[1-9]\d*(s|m|h)$/)
      .describe('How long a zone whose nodes vanished counts as one that may come back.'),
    leaving,
    hub,
    scale,
    log,
    extraArgs: z.array(z.string()).describe('More flags of the operator, such as `--flag=value`.'),
    serviceAccount,
    rbac,
    podDisruptionBudget,
    metrics,
    networkPolicy,
    resources: openObject.describe('Requests and limits of the operator.'),
    podLabels: map.describe('More labels of the pods.'),
    podAnnotations: map.describe('Annotations of the pods.'),
    priorityClassName: text.describe('Priority class of the pods.'),
    nodeSelector: map.describe('Labels of the nodes to run on.'),
    tolerations: z.array(openObject).describe('Tolerations of the pods.'),
    affinity: openObject.describe('Affinity of the pods, beside their spread over nodes and zones.'),
    global: openObject.optional().describe('Set by charts that have this one as a dependency; not used.'),
    enabled: z.boolean().optional().describe('Set by charts that have this one as a dependency; not used.'),
  })
  .describe('Values of the chart kitchen-operator.');

/** The JSON Schema that Helm checks the values against: unknown keys are refused. */
export function chartValuesSchema(): unknown {
  return z.toJSONSchema(chartValues, { target: 'draft-7', io: 'input' });
}
