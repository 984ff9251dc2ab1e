import type { Kitchen } from '../../../operator/api/kitchen.ts';
import { API_VERSION } from '../../../operator/api/labels.ts';
import { microTime } from '../../../operator/kube/microTime.ts';
import type { Thing } from './api.ts';

/*
 * Objects as a cluster has them, with about as many fields: what the operator does not read costs it time as well.
 */

export const collections = {
  kitchens: '/apis/kitchen.dev/v1alpha1/kitchens',
  stations: '/apis/kitchen.dev/v1alpha1/stations',
  deployments: '/apis/apps/v1/deployments',
  replicaSets: '/apis/apps/v1/replicasets',
  pods: '/api/v1/pods',
  nodes: '/api/v1/nodes',
  namespaces: '/api/v1/namespaces',
  slices: '/apis/discovery.k8s.io/v1/endpointslices',
  services: '/api/v1/services',
  budgets: '/apis/policy/v1/poddisruptionbudgets',
  leases: '/apis/coordination.k8s.io/v1/leases',
} as const;

/** A moment as the API server writes it. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function aNamespace(name: string, half: string): Thing {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, half } },
  };
}

/** A Kitchen of three stations, each with a demand of 6 pods, which survives the loss of a zone: 9 pods a station. */
export function aKitchen(namespace: string, name: string): Kitchen & Thing {
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } };
  const container = { name: 'main', image: 'registry.example/main:1.2.3', ports: [{ containerPort: 8080 }], resources };
  const stations = ['grill', 'oven', 'till'].map((station) => ({
    name: station,
    replicas: 6,
    ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' as const }],
    template: { spec: { containers: [container] } },
  }));
  const spec = { survive: { zones: 1 }, stations };
  return { apiVersion: API_VERSION, kind: 'Kitchen', metadata: { namespace, name }, spec };
}

export function aNode(name: string, zone: string, { ready }: { readonly ready: boolean }): Thing {
  const condition = (type: string, status: string): object => ({
    type,
    status,
    lastHeartbeatTime: now(),
    lastTransitionTime: now(),
    reason: 'KubeletReports',
    message: `kubelet says that ${type} is ${status}`,
  });
  const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => condition(type, 'False'));
  const taint = (effect: string): object => ({ key: 'node.kubernetes.io/unreachable', effect, timeAdded: now() });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'm.large',
        'topology.kubernetes.io/region': 'region-1',
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: { podCIDR: '10.0.0.0/24', ...(ready ? {} : { taints: [taint('NoSchedule'), taint('NoExecute')] }) },
    status: {
      capacity: { cpu: '16', memory: '64Gi', pods: '110' },
      allocatable: { cpu: '15', memory: '60Gi', pods: '110' },
      conditions: [...pressures, condition('Ready', ready ? 'True' : 'Unknown')],
      nodeInfo: {
        kubeletVersion: 'v1.37.2',
        osImage: 'Linux',
        kernelVersion: '6.12',
        containerRuntimeVersion: 'containerd://2',
      },
    },
  };
}

export function aLease(node: string): Thing {
  const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime: microTime(new Date()) };
  const metadata = { namespace: 'kube-node-lease', name: node };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}

export interface PodPlan {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly replicaSet: Thing;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: object;
}

export function aPod({ name, namespace, node, replicaSet, labels, spec }: PodPlan): Thing {
  const { uid = '', name: owner = '' } = replicaSet.metadata;
  const done = (type: string): object => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: now() });
  const tolerations = ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  const reference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid, controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ownerReferences: [{ ...reference, blockOwnerDeletion: true }] },
    spec: { ...spec, nodeName: node, serviceAccountName: 'default', schedulerName: 'default-scheduler', tolerations },
    status: {
      phase: 'Running',
      hostIP: '192.0.2.1',
      podIP: '10.0.0.1',
      startTime: now(),
      qosClass: 'Burstable',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(done),
      containerStatuses: [
        {
          name: 'main',
          ready: true,
          started: true,
          restartCount: 0,
          image: 'registry.example/main:1.2.3',
          imageID: `registry.example/main@sha256:${'0123456789abcdef'.repeat(4)}`,
          containerID: `containerd://${'fedcba9876543210'.repeat(4)}`,
          state: { running: { startedAt: now() } },
        },
      ],
    },
  };
}

/** The pod with its condition Ready as told. */
export function withReady(pod: Thing, is: boolean): Thing {
  const status = pod['status'] as { readonly conditions: readonly { readonly type: string }[] };
  const conditions = status.conditions.map((each) =>
    each.type === 'Ready' ? { ...each, status: is ? 'True' : 'False', lastTransitionTime: now() } : each,
  );
  return { ...pod, status: { ...status, conditions } };
}

export function isReady(pod: Thing): boolean {
  const { conditions } = pod['status'] as {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
