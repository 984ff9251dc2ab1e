/*
 * Hub ports: which port of every hub stands for which port of which Service.
 *
 * They are kept in one object of the operator's own namespace. What a tenant can write (labels, annotations, slices,
 * Stations) says nothing about them, so nobody can claim the port of another.
 *
 * A port is given once around the range before it is given again: slices and rules of kube-proxy that still lead to a
 * port whose Service is gone must not lead to another Service.
 *
 * Example: range 20000-20002, and a and b have 20000 and 20001. b goes and c comes: c gets 20002. b comes back and gets
 * 20001, since the range is at its end.
 */

import { keyOf } from '../api/kubernetes/key.ts';
import type { Key } from '../api/kubernetes/key.ts';

/** Ports on the hubs by `hubPortName`. */
export type HubPorts = ReadonlyMap<string, number>;

/** Numbers of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** What is kept of the ports that were given. */
export interface GivenPorts {
  readonly ports: HubPorts;
  /** The number that is looked at first for the next port. */
  readonly next: number;
}

export interface Allotted extends GivenPorts {
  /** Those that get none, since the range has no port left. */
  readonly without: readonly string[];
}

/** The name of a port of a station's Service among all: `default.pizzeria-grill.80`. No part of it can have a dot. */
export function hubPortName(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  port: number,
): string {
  return `${namespace}.${name}.${port}`;
}

/** The key of the Station whose Service has a port on the hubs; undefined: none has it. */
export function stationOfPort(port: number, ports: HubPorts): Key | undefined {
  for (const [name, number] of ports) if (number === port) return stationOfName(name);
  return undefined;
}

/** The key of the Station whose Service has the port of this name. */
export function stationOfName(portName: string): Key {
  const [namespace = '', name = ''] = portName.split('.');
  return keyOf({ namespace, name });
}

/** Gives every port that is wanted a number. One that has a number keeps it; those that nobody wants any more lose theirs. */
export function allot(wanted: ReadonlySet<string>, given: GivenPorts, { first, last }: PortRange): Allotted {
  const isInside = (port: number): boolean => port >= first && port <= last;
  const ports = new Map([...given.ports].filter(([name, port]) => wanted.has(name) && isInside(port)));
  const taken = new Set(ports.values());
  const without: string[] = [];
  let next = isInside(given.next) ? given.next : first;
  for (const name of [...wanted].toSorted()) {
    if (ports.has(name)) continue;
    if (taken.size > last - first) {
      without.push(name);
      continue;
    }
    while (taken.has(next)) next = next === last ? first : next + 1;
    ports.set(name, next);
    taken.add(next);
    next = next === last ? first : next + 1;
  }
  return { ports, next, without };
}
