/*
 * Service ports: says where each port of the Service leads now.
 *
 * A Service port has one target for all pods. So a change of the target must not come before the pods that have it, and
 * a template must not come before a Service that leads to its pods. With T where the port leads now, and T' as
 * declared:
 *
 *   T'   when every pod that runs has it: no request is lost.
 *   n    the number of T' in the newest template, when every pod that runs declares n. A name that changes while its
 *        number stays is bridged by the number, on which both old and new pods listen.
 *   T    otherwise, until the rollout has given every pod T'.
 *
 * A port that the Service does not have yet is added when as many pods as demanded have its target. Before, it would
 * lead nowhere, and waiting loses nothing.
 *
 * Hard part: a number needs no declaration, so a number that no container declares proves nothing. If the user changes
 * the target to another number while all pods run the newest template, we believe the user and write it at once. While
 * a template change is under way, only declared ports tell which pods listen where.
 *
 * Example: `targetPort` changes from http to web, and the number 8080 stays. The port leads to 8080 until all pods are
 * new, and then to web.
 */
import { declaredPorts } from '../../api/containerPorts.ts';
import { podsOf } from '../../model/snapshot.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { alivePods } from '../../model/pod.ts';
import type { PodView } from '../../model/pod.ts';
import { hasTwoTemplates } from '../../model/rolling.ts';
import type { ServicePort } from '../../model/child.ts';
import type { StationSpec } from '../../api/station.ts';
import { userTemplate } from './template.ts';

type Target = ServicePort['targetPort'];
type DeclaredPort = StationSpec['ports'][number];

/** One declared port of the station. */
export interface PortChoice {
  readonly declared: DeclaredPort;
  /** T': its target as declared. */
  readonly wanted: Target;
  /** T: where the Service leads; undefined while the Service, or the port in it, is not there. */
  readonly now: Target | undefined;
  /** Where it leads from now on; undefined: it is left out until pods have it. */
  readonly target: Target | undefined;
}

/** Whether pods listen on a target. A number may be listened to without being declared. */
type Reach = 'yes' | 'no' | 'unknown';

interface ContainerPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
}

/** The declared ports of the station, each with where it leads now and from now on. */
export function portChoices(snapshot: Snapshot): readonly PortChoice[] {
  const live = snapshot.service.state === 'ours' ? snapshot.service.ports : [];
  const pods = alivePods(podsOf(snapshot));
  return snapshot.station.spec.ports.map((declared) => {
    const wanted = declared.targetPort ?? declared.port;
    const now = counterpart(live, declared)?.targetPort;
    const target =
      now === undefined ? addedTarget(snapshot, pods, declared) : changedTarget(snapshot, pods, { declared, now });
    return { declared, wanted, now, target };
  });
}

/** The ports to write into the Service now; none while no pod has what they ask for. */
export function portsNow(snapshot: Snapshot): readonly DeclaredPort[] {
  return portChoices(snapshot).flatMap(({ declared, wanted, target }) => {
    if (target === undefined) return [];
    return [target === wanted ? declared : { ...declared, targetPort: target }];
  });
}

/** Whether a Service of ours leads to the pods, or is about to. Only then must the Service know a pod before it counts. */
export function isBehindService(snapshot: Snapshot): boolean {
  const { station, service } = snapshot;
  if (station.spec.ports.length === 0 || service.state === 'taken') return false;
  if (service.state !== 'absent') return true;
  return snapshot.serviceRefused === undefined && portsNow(snapshot).length > 0;
}

/** Whether pods of the newest template listen on a target: a port name, or a number. */
export function reachOfNewest({ station }: Snapshot, target: Target, protocol: string): Reach {
  return reach(newestPorts(station.spec.template), target, protocol);
}

/**
 * The ports for which the newest template must not go to any zone now: its pods would not listen where the Service
 * leads, and the Service cannot lead elsewhere while the other pods serve. Empty when the template may go.
 */
export function unservedByNewest(snapshot: Snapshot): readonly PortChoice[] {
  const pods = alivePods(podsOf(snapshot));
  const newest = newestPorts(snapshot.station.spec.template);
  return portChoices(snapshot).filter(({ declared, wanted, now }) => {
    if (now === undefined || !isReachedNow(pods, now, declared.protocol)) return false;
    const there = reach(newest, now, declared.protocol);
    if (there !== 'unknown') return there === 'no';
    if (now !== wanted) return true;
    // Pods that run declare the number, and the newest template declares only other ports: take it that the number is
    // gone.
    return newest.length > 0 && pods.some((each) => reach(portsOf(each), now, declared.protocol) === 'yes');
  });
}

/**
 * The port of a Service that the declared one stands for: the one with the same number or, if its number changed, with
 * the same name.
 */
function counterpart(live: readonly ServicePort[], { name, port, protocol }: DeclaredPort): ServicePort | undefined {
  const same = live.filter((each) => each.protocol === protocol);
  return same.find((each) => each.port === port) ?? same.find((each) => name !== undefined && each.name === name);
}

function addedTarget(snapshot: Snapshot, pods: readonly PodView[], declared: DeclaredPort): Target | undefined {
  const wanted = declared.targetPort ?? declared.port;
  const having = pods.filter((pod) => reach(portsOf(pod), wanted, declared.protocol) !== 'no');
  const ready = having.filter((pod) => pod.ready).length;
  if (having.length === pods.length || (ready > 0 && ready >= snapshot.station.spec.replicas)) return wanted;
  return bridge(snapshot, pods, declared);
}

function changedTarget(
  snapshot: Snapshot,
  pods: readonly PodView[],
  { declared, now }: { readonly declared: DeclaredPort; readonly now: Target },
): Target {
  const { protocol } = declared;
  const wanted = declared.targetPort ?? declared.port;
  if (wanted === now || !isReachedNow(pods, now, protocol)) return wanted;
  if (pods.every((pod) => reach(portsOf(pod), wanted, protocol) === 'yes')) return wanted;
  if (typeof wanted === 'number' && !isTemplateChanging(snapshot)) return wanted;
  return bridge(snapshot, pods, declared) ?? now;
}

/** The number that old and new pods both declare. */
function bridge({ station }: Snapshot, pods: readonly PodView[], declared: DeclaredPort): number | undefined {
  const { protocol } = declared;
  const wanted = declared.targetPort ?? declared.port;
  const number =
    typeof wanted === 'number'
      ? wanted
      : newestPorts(station.spec.template).find((port) => port.name === wanted && port.protocol === protocol)?.number;
  if (number === undefined) return undefined;
  return pods.every((pod) => reach(portsOf(pod), number, protocol) === 'yes') ? number : undefined;
}

function isReachedNow(pods: readonly PodView[], now: Target, protocol: string): boolean {
  return pods.some((pod) => reach(portsOf(pod), now, protocol) !== 'no');
}

/**
 * Whether some pods do not run the newest template, or may not. When a Deployment has not seen its newest spec, all its
 * pods are old.
 */
function isTemplateChanging({ station, restartedAt, zones }: Snapshot): boolean {
  const newest = userTemplate(station.spec.template, restartedAt).hash;
  return zones.some(({ deployment, pods }) => {
    if (deployment.state !== 'ours') return false;
    const { templateHash, generation, observedGeneration } = deployment;
    if (templateHash !== newest || observedGeneration < generation) return true;
    return hasTwoTemplates(deployment, alivePods(pods));
  });
}

function newestPorts(template: Snapshot['station']['spec']['template']): readonly ContainerPort[] {
  return parse(declaredPorts(template.spec));
}

function portsOf({ ports }: PodView): readonly ContainerPort[] {
  return parse(ports);
}

function parse(ports: string): readonly ContainerPort[] {
  if (ports === '') return [];
  return ports.split(' ').map((port) => {
    const [, name = '', number = '', protocol = ''] = /^(.*):(\d+)\/(\w+)$/.exec(port) ?? [];
    return { name, number: Number(number), protocol };
  });
}

function reach(ports: readonly ContainerPort[], target: Target, protocol: string): Reach {
  const same = ports.filter((port) => port.protocol === protocol);
  if (typeof target === 'string') return same.some(({ name }) => name === target) ? 'yes' : 'no';
  return same.some(({ number }) => number === target) ? 'yes' : 'unknown';
}
