import type { KubeObject } from '../api/kubernetes/object.ts';
import { fieldManagers } from '../api/labels.ts';
import { stations } from '../api/resources.ts';
import { REPLICAS_MAX } from '../api/scale.ts';
import type { Client } from '../kube/client.ts';
import type { StationObject } from '../observe/objects.ts';

/** Field managers of ours that own `spec.replicas` of a Station. */
const ourManagers: ReadonlySet<string> = new Set([fieldManagers.operator, fieldManagers.demand, fieldManagers.scale]);

/**
 * Sets a Station's demand through its scale subresource, as any autoscaler does. Fails with code `conflict` when the
 * Station has changed since it was seen, and with a RangeError when the demand is none that a Station may have. Resolves
 * to the version that it has then.
 */
export async function writeDemand(
  client: Pick<Client, 'patch'>,
  { namespace, name, resourceVersion }: StationObject,
  replicas: number,
): Promise<string> {
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > REPLICAS_MAX)
    throw new RangeError(
      `the demand of Station ${name} cannot be ${replicas}: it is a whole number from 1 to ${REPLICAS_MAX}`,
    );
  const at = { resource: stations, namespace, name, subresource: 'scale' };
  const patch = { metadata: { resourceVersion }, spec: { replicas } };
  const scale = await client.patch<KubeObject>(at, patch, {
    type: 'merge',
    fieldManager: fieldManagers.scale,
    doing: `setting the demand of Station ${name} to ${replicas}`,
  });
  return scale.metadata.resourceVersion ?? '';
}

/** Who else set the demand of a Station, by its field managers: `kubectl`. */
export function demandSetBy({ others = [] }: StationObject): string {
  const names = others
    .filter(
      ({ manager = '', fieldsV1 }) => !ourManagers.has(manager) && fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
    )
    .map(({ manager = '' }) => manager);
  return names.length === 0 ? 'another' : [...new Set(names)].join(', ');
}
