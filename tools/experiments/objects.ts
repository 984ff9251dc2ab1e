import { images } from '../image/images.ts';

/** The namespace of all objects of an experiment. It is deleted with everything in it. */
export const NAMESPACE = 'kitchen-experiment';
/** The station that is compared. Its Deployments and Service are called `lab-grill…`. */
export const STATION = 'lab-grill';
/** The plain Deployment beside it, its Service, and the label value of its pods. */
export const PLAIN = 'plain';
/** The pod that sends the requests, on the control plane's node, which no experiment hurts. */
export const LOAD = 'load';

/** A service of one pod beside the load, which no experiment hurts. If it fails requests, the machine is too busy. */
export const CONTROL = 'control';

/** How the service is run. */
export interface Service {
  /** Demand: pods that serve the load. */
  readonly replicas: number;
  readonly image: string;
  /** How long the app itself goes on answering after SIGTERM, as Go writes durations: `5s`. */
  readonly linger: string;
  /** Changed to ask for new pods. */
  readonly version: string;
}

/** The service that every experiment begins with. */
export function serviceOf(linger: string): Service {
  return { replicas: 6, image: images.station.tag, linger, version: '1' };
}

/** The Kitchen, which survives the loss of one zone. With hubs, requests reach it through them. */
export function kitchenObject(service: Service, { hub }: { readonly hub: boolean }): object {
  const [kitchen = '', station = ''] = STATION.split('-');
  return {
    apiVersion: 'kitchen.dev/v1alpha1',
    kind: 'Kitchen',
    metadata: { name: kitchen, namespace: NAMESPACE },
    spec: {
      survive: { zones: 1 },
      ...(hub ? { hub: {} } : {}),
      stations: [
        {
          name: station,
          replicas: service.replicas,
          ...(hub ? { perTryTimeout: '500ms' } : {}),
          ports: [{ name: 'http', port: 80, targetPort: 8080 }],
          template: podTemplate(service),
        },
      ],
    },
  };
}

/** The plain Deployment of the same demand and its Service, with every default of Kubernetes. */
export function plainObjects(service: Service): readonly object[] {
  const labels = { app: PLAIN };
  const metadata = { name: PLAIN, namespace: NAMESPACE };
  const template = { metadata: { labels }, ...podTemplate(service) };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: service.replicas, selector: { matchLabels: labels }, template },
    },
    plainService(PLAIN),
  ];
}

/** The objects of the control service, which no experiment hurts. */
export function controlObjects(): readonly object[] {
  const labels = { app: CONTROL };
  const metadata = { name: CONTROL, namespace: NAMESPACE };
  const { spec } = podTemplate(serviceOf('0s'));
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels }, spec: { ...spec, ...besideControlPlane } },
    plainService(CONTROL),
  ];
}

/** The pod that sends `rate` requests a second to each of the Services. */
export function loadPod(rate: number, keepAlive: boolean): object {
  const url = (service: string): string => `http://${service}.${NAMESPACE}.svc.cluster.local`;
  const targets = [`kitchen=${url(STATION)}`, `plain=${url(PLAIN)}`, `control=${url(CONTROL)}`];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: LOAD, namespace: NAMESPACE },
    spec: {
      ...besideControlPlane,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'load',
          image: images.station.tag,
          imagePullPolicy: 'IfNotPresent',
          // On a busy machine it must get CPU time first: if it had none, it would report failures of its own.
          resources: { requests: { cpu: '500m', memory: '64Mi' } },
          args: ['load', `--rate=${rate}`, `--keep-alive=${keepAlive}`, ...targets],
        },
      ],
    },
  };
}

/** The node of the load, by the name that kind gives it. */
export function loadedNode(cluster: string): string {
  return `${cluster}-control-plane`;
}

/** No experiment hurts the control plane's node. */
const besideControlPlane = {
  nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
  tolerations: [{ operator: 'Exists' }],
};

function plainService(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  };
}

function podTemplate({ image, linger, version }: Service): { readonly spec: object } {
  return {
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'station',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['serve', '--start=2s', `--linger=${linger}`],
          env: [{ name: 'VERSION', value: version }],
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 },
          resources: { requests: { cpu: '100m', memory: '16Mi' } },
        },
      ],
    },
  };
}
