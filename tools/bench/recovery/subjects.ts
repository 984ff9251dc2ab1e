import { API_VERSION } from '../../../operator/api/labels.ts';

/** Ready pods that each subject needs at all times. */
export const DEMAND = 12;
/** With half as many more, demand survives the loss of any one of three zones. */
const FOR_A_ZONE = 18;

const labels = { app: 'grill' };

/** One way to keep pods serving. Each has its own namespace, so that all objects and writes there belong to it. */
export interface Subject {
  /** Its namespace too. */
  readonly name: string;
  readonly title: string;
  /** Pods it has when nothing is the matter. */
  readonly pods: number;
  readonly isKitchen: boolean;
  /** What is posted, each to its path within the API group and the namespace. */
  readonly objects: readonly { readonly group: string; readonly plural: string; readonly body: object }[];
}

/**
 * A Kitchen that survives a zone, a Kitchen that survives a pod, a Deployment with all defaults, and a careful team's
 * Deployment in two variants.
 */
export const subjects: readonly Subject[] = [
  {
    name: 'kitchen',
    title: 'Kitchen, zones: 1',
    pods: FOR_A_ZONE,
    isKitchen: true,
    objects: [kitchen({ zones: 1 })],
  },
  {
    name: 'kitchen-pod',
    title: 'Kitchen, pods: 1',
    pods: DEMAND + 1,
    isKitchen: true,
    objects: [kitchen({ pods: 1 })],
  },
  { name: 'plain', title: 'Deployment', pods: DEMAND, isKitchen: false, objects: [deployment(DEMAND)] },
  {
    name: 'spread',
    title: `spread + budget, ${DEMAND}`,
    pods: DEMAND,
    isKitchen: false,
    objects: [deployment(DEMAND, spread), budget({ maxUnavailable: 1 })],
  },
  {
    name: 'spread-more',
    title: `spread + budget, ${FOR_A_ZONE}`,
    pods: FOR_A_ZONE,
    isKitchen: false,
    objects: [deployment(FOR_A_ZONE, spread), budget({ minAvailable: DEMAND })],
  },
];

/** Why these subjects were chosen, for readers of the table. */
export const fairness: readonly string[] = [
  `Each is to keep ${DEMAND} pods serving, in one cluster, through the same events. The Kitchens work out their pods:`,
  `${FOR_A_ZONE} to survive a zone, ${DEMAND + 1} to survive a pod. The Deployments are given theirs: ${DEMAND} as demanded, and, for a team`,
  `that did the arithmetic by hand, ${FOR_A_ZONE} too. spread + budget: topology spread over zones and nodes (ScheduleAnyway, since`,
  `with DoNotSchedule a dead zone leaves replacements Pending) and a PodDisruptionBudget (maxUnavailable: 1; minAvailable: ${DEMAND} with ${FOR_A_ZONE}).`,
];

function podSpec(): object {
  const requests = { cpu: '100m', memory: '64Mi' };
  return { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests } }] };
}

function kitchen(survive: object): Subject['objects'][number] {
  const stations = [{ name: 'grill', replicas: DEMAND, template: { spec: podSpec() } }];
  const body = {
    apiVersion: API_VERSION,
    kind: 'Kitchen',
    metadata: { name: 'pizzeria' },
    spec: { survive, stations },
  };
  return { group: `apis/${API_VERSION}`, plural: 'kitchens', body };
}

function spread(): object {
  const over = (topologyKey: string): object => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  });
  return { topologySpreadConstraints: [over('topology.kubernetes.io/zone'), over('kubernetes.io/hostname')] };
}

function deployment(replicas: number, more: () => object = () => ({})): Subject['objects'][number] {
  const template = { metadata: { labels }, spec: { ...podSpec(), ...more() } };
  const body = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'grill' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
  return { group: 'apis/apps/v1', plural: 'deployments', body };
}

function budget(limit: object): Subject['objects'][number] {
  const body = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'grill' },
    spec: { ...limit, selector: { matchLabels: labels } },
  };
  return { group: 'apis/policy/v1', plural: 'poddisruptionbudgets', body };
}
