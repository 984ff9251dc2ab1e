import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../../../operator/api/hash.ts';
import type { KindName } from '../../../operator/observe/kinds.ts';

/** Where an object of the crowd is. Each object of a shape needs those parts that its shape names. */
interface Place {
  readonly kitchen?: string;
  readonly station?: string;
  readonly zone?: string;
  readonly node?: string;
}

type Shape =
  | 'kitchen'
  | 'station'
  | 'deployment'
  | 'replicaSet'
  | 'pod'
  | 'service'
  | 'budget'
  | 'slice'
  | 'node'
  | 'lease';

/** The least part of a place that tells one object of a shape from all others. */
const scopes: Readonly<Record<string, readonly (keyof Place)[]>> = {
  kitchen: ['kitchen'],
  station: ['kitchen', 'station'],
  deployment: ['kitchen', 'station', 'zone'],
  replicaSet: ['kitchen', 'station', 'zone'],
  pod: ['kitchen', 'station', 'zone'],
  service: ['kitchen', 'station'],
  budget: ['kitchen', 'station'],
  slice: ['kitchen', 'station'],
  node: ['node'],
  lease: ['node'],
};

const stations = ['grill', 'oven', 'till'] as const;
const zones = ['zone-a', 'zone-b', 'zone-c'] as const;
const namespace = 'default';

/**
 * What an API server has of Kitchens of three stations each that are served: one pod, Deployment and ReplicaSet in each
 * of three zones for each station, a node for every 150 pods. The objects are as Kubernetes 1.37 sent them for one
 * station (`shapes/*.json`), each with names, uids and hashes of its own.
 */
export class Crowd {
  readonly #kitchens: readonly string[];
  readonly #nodesPerZone: number;
  #version = 1_000;

  constructor(kitchens: number) {
    this.#kitchens = Array.from({ length: kitchens }, (_, index) => `k${index}`);
    this.#nodesPerZone = Math.ceil((kitchens * stations.length) / 150);
  }

  /** The JSON of every object of a kind, in the order of a list. */
  *textsOf(kind: KindName): Generator<string> {
    switch (kind) {
      case 'kitchens':
        for (const kitchen of this.#kitchens) yield this.#text('kitchen', { kitchen });
        return;
      case 'stations':
        for (const place of this.#stations()) yield this.#text('station', place);
        return;
      case 'services':
        for (const place of this.#stations()) yield this.#text('service', place);
        return;
      case 'budgets':
        for (const place of this.#stations()) yield this.#text('budget', place);
        return;
      case 'slices':
        for (const place of this.#stations()) yield this.#slice(place);
        return;
      case 'deployments':
        for (const place of this.#zones()) yield this.#text('deployment', place);
        return;
      case 'replicaSets':
        for (const place of this.#zones()) yield this.#text('replicaSet', place);
        return;
      case 'pods':
        for (const place of this.#zones()) yield this.#text('pod', place);
        return;
      case 'nodes':
        for (const place of this.#nodes()) yield this.#text('node', place);
        return;
      case 'leases':
        for (const place of this.#nodes()) yield this.#text('lease', place);
        return;
      case 'namespaces':
        yield `{"metadata":{"name":"${namespace}","uid":"${uidOf('namespace')}","resourceVersion":"1"}}`;
        return;
      case 'autoscalers':
      case 'policies':
        return;
      default:
        kind satisfies never;
    }
  }

  *#stations(): Generator<Place> {
    for (const kitchen of this.#kitchens) for (const station of stations) yield { kitchen, station };
  }

  *#zones(): Generator<Place> {
    let pod = 0;
    for (const place of this.#stations()) {
      pod += 1;
      for (const zone of zones) yield { ...place, zone, node: `${zone}-${(pod % this.#nodesPerZone) + 1}` };
    }
  }

  *#nodes(): Generator<Place> {
    for (let node = 1; node <= this.#nodesPerZone; node += 1)
      for (const zone of zones) yield { zone, node: `${zone}-${node}` };
  }

  /** The recorded slice has the endpoint of one zone. */
  #slice(place: Place): string {
    const [first = '', endpoint = '', last = ''] = compact('slice').split(/(?<="endpoints":\[)(.*?\})(?=\],"ports")/);
    const endpoints = zones.map((zone) => this.#filled(endpoint, { ...place, zone, node: `${zone}-1` }));
    return `${this.#filled(first, place)}${endpoints.join(',')}${this.#filled(last, place)}`;
  }

  #text(shape: Shape, place: Place): string {
    return this.#filled(compact(shape), place);
  }

  #filled(text: string, place: Place): string {
    this.#version += 1;
    return text.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, what: string, of = '') => this.#value(what, of, place));
  }

  /** Stations were made one after another, so their times differ. */
  #time({ kitchen = '', station = '', node = '' }: Place): string {
    const seconds = Number.parseInt(digest('time', kitchen, station, node).slice(0, 5), 16) % 86_400;
    return new Date(Date.UTC(2026, 10, 1) + seconds * 1000).toISOString().replace('.000Z', 'Z');
  }

  #value(what: string, of: string, place: Place): string {
    switch (what) {
      case 'namespace':
        return namespace;
      case 'version':
        return String(this.#version);
      case 'uid':
        return uidOf(of, ...partsOf(place, scopes[of] ?? []));
      case 'hash':
        return of === 'template' ? templateHash() : digest(of, ...partsOf(place, ['kitchen', 'station'])).slice(0, 16);
      case 'podHash':
        return digest('template', ...partsOf(place, ['kitchen', 'station', 'zone'])).slice(0, 10);
      case 'time':
        return this.#time(place);
      case 'id':
        return digest('id', of, ...partsOf(place, ['kitchen', 'station'])).slice(0, 6);
      case 'tail':
        return digest('tail', ...partsOf(place, ['kitchen', 'station'])).slice(0, 5);
      default: {
        const [part] = partsOf(place, [what as keyof Place]);
        return part ?? '';
      }
    }
  }
}

function partsOf(place: Place, names: readonly (keyof Place)[]): readonly string[] {
  return names.map((name) => {
    const part = place[name];
    if (part === undefined) throw new TypeError(`the shape names ${name}, and its place has none`);
    return part;
  });
}

const shapes = new Map<Shape, string>();

/** A shape without white space, as the API server sends it. */
function compact(shape: Shape): string {
  const known = shapes.get(shape);
  if (known !== undefined) return known;
  const file = join(import.meta.dirname, 'shapes', `${shape}.json`);
  const text = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
  shapes.set(shape, text);
  return text;
}

/** By which the planner knows that the Deployments run the newest template. */
function templateHash(): string {
  const { spec } = JSON.parse(compact('station')) as { readonly spec: { readonly template: object } };
  return hashOf(spec.template);
}

function digest(...parts: readonly string[]): string {
  return createHash('md5').update(parts.join('/')).digest('hex');
}

function uidOf(...parts: readonly string[]): string {
  return digest('uid', ...parts).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
