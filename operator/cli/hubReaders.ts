import { childLabels } from '../api/labels.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import type { Resource } from '../api/kubernetes/resource.ts';
import type { Client } from '../kube/client.ts';
import { isCode, verdict } from '../kube/errors.ts';
import type { LabelSelector } from '../observe/objects.ts';
import { selects } from '../observe/selects.ts';

/** A Service, and the labels that it has or is to have. */
export interface ReadService {
  readonly namespace: string;
  readonly name: string;
  readonly kitchen: string;
  readonly station: string;
}

interface ReaderKind {
  readonly resource: Resource;
  /** Whether an object of the kind reads the Service. */
  readonly reads: (object: KubeObject, service: ReadService) => boolean;
  /** What becomes of it behind hubs, and what to do. */
  readonly advice: (service: ReadService) => string;
}

interface Ingress extends KubeObject {
  readonly spec?: {
    readonly defaultBackend?: IngressBackend;
    readonly rules?: readonly {
      readonly http?: { readonly paths?: readonly { readonly backend?: IngressBackend }[] };
    }[];
  };
}

interface IngressBackend {
  readonly service?: { readonly name?: string };
}

interface HttpRoute extends KubeObject {
  readonly spec?: { readonly rules?: readonly { readonly backendRefs?: readonly BackendRef[] }[] };
}

interface BackendRef {
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

const anyHub =
  'a controller that reads EndpointSlices sends to the hub of any node, so the death of a node costs it what it costs without hubs: let it use the address of the Service, or set hub: false';

/** Who reads the slices of a Service besides kube-proxy. Behind hubs they list hubs. */
const readerKinds: readonly ReaderKind[] = [
  {
    resource: inNamespace('networking.k8s.io/v1', 'Ingress'),
    reads: (object, { name }) => ingressBackends(object).some(({ service }) => service?.name === name),
    advice: () => anyHub,
  },
  ...['HTTPRoute', 'GRPCRoute'].map((kind) => ({
    resource: inNamespace('gateway.networking.k8s.io/v1', kind),
    reads: (object: KubeObject, service: ReadService): boolean => routeReads(object, service),
    advice: () => anyHub,
  })),
  {
    resource: inNamespace('monitoring.coreos.com/v1', 'ServiceMonitor'),
    reads: (object, { kitchen, station }) => {
      const { selector } = (object as { readonly spec?: { readonly selector?: LabelSelector } }).spec ?? {};
      return selector !== undefined && selects(selector, childLabels(kitchen, station));
    },
    advice: ({ name }) => `it would scrape hubs: let it select Service ${name}-pods alone`,
  },
  {
    resource: inNamespace('elbv2.k8s.aws/v1beta1', 'TargetGroupBinding'),
    reads: (object, { name }) =>
      (object as { readonly spec?: { readonly serviceRef?: { readonly name?: string } } }).spec?.serviceRef?.name ===
      name,
    advice: () => 'a target group by pod address would lose all targets: use instance targets',
  },
];

/** What else reads the slices of a Service, with advice, as far as the person who asks may see it. */
export async function hubReaders(service: ReadService, client: Client): Promise<readonly string[]> {
  const found = await Promise.all(readerKinds.map((kind) => readersOf(kind, service, client)));
  return found.flat();
}

async function readersOf(
  { resource, reads, advice }: ReaderKind,
  service: ReadService,
  client: Client,
): Promise<readonly string[]> {
  const { namespace, name } = service;
  try {
    const { items } = await client.list({ resource, namespace });
    const readers = items.filter((object) => reads(object, service)).map(({ metadata }) => metadata.name);
    return readers.map((reader) => `${resource.kind} ${reader} reads Service ${name}: ${advice(service)}`);
  } catch (error) {
    if (isCode(error, 'notServed') || verdict(error).kind === 'gone') return [];
    if (!isCode(error, 'forbidden')) throw error;
    return [`whether any ${resource.kind} reads Service ${name} is not known: you may not list ${resource.plural}`];
  }
}

function ingressBackends(object: KubeObject): readonly IngressBackend[] {
  const { defaultBackend, rules = [] } = (object as Ingress).spec ?? {};
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  return [defaultBackend, ...paths.map(({ backend }) => backend)].filter((backend) => backend !== undefined);
}

function routeReads(object: KubeObject, { namespace, name }: ReadService): boolean {
  const refs = ((object as HttpRoute).spec?.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
  return refs.some(
    (ref) => (ref.kind ?? 'Service') === 'Service' && ref.name === name && (ref.namespace ?? namespace) === namespace,
  );
}

function inNamespace(groupVersion: string, kind: string): Resource {
  const [group = '', version = ''] = groupVersion.split('/');
  const plural = kind === 'Ingress' ? 'ingresses' : `${kind.toLowerCase()}s`;
  return { group, version, plural, kind, namespaced: true };
}
