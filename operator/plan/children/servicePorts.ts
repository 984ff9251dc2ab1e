/*
 * Where each port of the Service leads now. A Service port has one target for all pods, so a change of it must not come before
 * the pods that have it, nor a template before a Service that leads to its pods. With T where it leads now and T' as declared:
 *
 *   T'   when every pod that runs has it: nobody is lost.
 *   n    the number of T' in the newest template, when every pod that runs declares n: a name that changes while its number
 *        stays is bridged by the number, to which both old and new pods listen.
 *   T    otherwise, until the rollout has given every pod T'.
 *
 * A port that the Service does not have yet is put in when as many pods as demanded have its target: before that it would lead
 * nowhere, and nothing is lost by waiting.
 *
 * Hard part: numbers need no declaration, so one that is not declared is no proof of anything. A target that is changed to
 * another number while all pods run the newest template is its user's word, and is written at once; while a template change
 * is on its way, only declared ports tell which pods listen where.
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
  /** Where it is to lead from now on; undefined: it is left out until pods have it. */
  readonly target: Target | undefined;
}

/** Whether pods listen where a target says: a number may be listened to without being declared. */
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

/** The ports to write into the Service now; none when no pod has what they ask for yet. */
export function portsNow(snapshot: Snapshot): readonly DeclaredPort[] {
  return portChoices(snapshot).flatMap(({ declared, wanted, target }) => {
    if (target === undefined) return [];
    return [target === wanted ? declared : { ...declared, targetPort: target }];
  });
}

/** Whether a Service of ours leads to the pods, or is about to: only then does a pod have to be known to it before it counts. */
export function isBehindService(snapshot: Snapshot): boolean {
  const { station, service } = snapshot;
  if (station.spec.ports.length === 0 || service.state === 'taken') return false;
  if (service.state !== 'absent') return true;
  return snapshot.serviceRefused === undefined && portsNow(snapshot).length > 0;
}

/** A name of the newest template's ports, or a number: whether its pods listen there. */
export function reachOfNewest({ station }: Snapshot, target: Target, protocol: string): Reach {
  return reach(newestPorts(station.spec.template), target, protocol);
}

/**
 * Why the newest template must not go to any zone now, port by port: its pods would not listen where the Service leads, and the
 * Service cannot lead elsewhere while the others serve. Empty when nothing speaks against it.
 */
export function unservedByNewest(snapshot: Snapshot): readonly PortChoice[] {
  const pods = alivePods(podsOf(snapshot));
  const newest = newestPorts(snapshot.station.spec.template);
  return portChoices(snapshot).filter(({ declared, wanted, now }) => {
    if (now === undefined || !isReachedNow(pods, now, declared.protocol)) return false;
    const there = reach(newest, now, declared.protocol);
    if (there !== 'unknown') return there === 'no';
    if (now !== wanted) return true;
    // Declared until now, and something else instead: as good as said that it is gone.
    return newest.length > 0 && pods.some((each) => reach(portsOf(each), now, declared.protocol) === 'yes');
  });
}

/** A port of a Service that the declared one stands for: at the same number or, moved to another, by its name. */
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

/** The number that old pods and new ones declare alike. */
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

/** Some pods do not run the newest template, or may not: a Deployment that has not seen its newest spec has only old ones. */
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
