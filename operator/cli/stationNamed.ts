import type { Station } from '../api/station.ts';
import type { Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { stations } from '../api/resources.ts';

/**
 * Finds the Station of a name, also given as `station/NAME`, or as the station's name in its Kitchen when only one
 * Kitchen has it. Throws an error that names the Stations there are, or says how to install the operator.
 */
export async function stationNamed(client: Client, namespace: string, given: string): Promise<Station> {
  const name = given.replace(/^(stations?|stn)(\.kitchen\.dev)?\//, '');
  const items = await stationsIn(client, namespace);
  const exact = items.find(({ metadata }) => metadata.name === name);
  const meant = exact === undefined ? items.filter(({ spec }) => spec.station === name) : [exact];
  if (meant.length === 1 && meant[0] !== undefined) return meant[0];
  throw new Error(notFound(name, namespace, { items, meant }));
}

async function stationsIn(client: Client, namespace: string): Promise<readonly Station[]> {
  try {
    return (await client.list<Station & KubeObject>({ resource: stations, namespace })).items;
  } catch (error) {
    if (!isCode(error, 'notServed')) throw error;
    throw new Error('this cluster knows no Stations: install the operator first (helm, or manifests/install.yaml)', {
      cause: error,
    });
  }
}

function notFound(
  name: string,
  namespace: string,
  { items, meant }: { readonly items: readonly Station[]; readonly meant: readonly Station[] },
): string {
  if (meant.length > 1)
    return `${meant.length} Kitchens in namespace ${namespace} have a station ${name}: say which of ${namesOf(meant)}`;
  const there = items.length === 0 ? 'there is none' : `there are ${namesOf(items)}`;
  return `no station ${JSON.stringify(name)} in namespace ${namespace}; ${there}`;
}

function namesOf(items: readonly Station[]): string {
  return items.map(({ metadata }) => metadata.name).join(', ');
}
