/*
 * Shift: has requests leave a zone for a time, in one Kitchen or several, by an entry in `spec.shifts` of each.
 *
 * Each zone has a field manager of its own, so that a second shift leaves the first as it is, and one that GitOps
 * declares is never taken over.
 */
import { durationMs } from '../api/duration.ts';
import type { Kitchen } from '../api/kitchen.ts';
import { keyOf } from '../api/kubernetes/key.ts';
import { isOwned } from '../api/kubernetes/managedFields.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { API_VERSION } from '../api/labels.ts';
import { kitchens, stations } from '../api/resources.ts';
import { SHIFT_MAX_MS } from '../api/shifts.ts';
import type { DeclaredShift } from '../api/shifts.ts';
import type { Station } from '../api/station.ts';
import type { Client } from '../kube/client.ts';
import { isCode, messageOf } from '../kube/errors.ts';

/** Which Kitchens are meant. */
export interface Shifting {
  readonly client: Client;
  /** Undefined: in all namespaces. */
  readonly namespace: string | undefined;
  /** The name of one Kitchen; undefined: all that the selector catches. */
  readonly kitchen: string | undefined;
  readonly labelSelector: string | undefined;
  readonly say: (line: string) => void;
}

type LiveKitchen = Kitchen & KubeObject;

/** The end of a shift that begins now; throws an error that says which durations there are. */
export function endOf(duration: string, now: Date): string {
  const ms = durationMs(duration);
  if (ms === undefined || ms <= 0 || ms > SHIFT_MAX_MS) {
    throw new Error(`--for ${duration}: give a duration up to ${SHIFT_MAX_MS / 3_600_000}h, such as 30m or 1h`);
  }
  // Whole seconds, as Kubernetes writes times.
  return new Date(Math.ceil((now.getTime() + ms) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Declares the shift in each Kitchen. Throws when one refuses it, after all others. */
export async function shiftZone(shifting: Shifting, shift: DeclaredShift): Promise<void> {
  const found = await kitchensMeant(shifting);
  await checkZone(shifting, shift.zone);
  await each(found, shifting, async (kitchen) => {
    await declare(shifting.client, kitchen, { zone: shift.zone, shifts: [shift] });
    return `requests leave ${shift.zone} until ${shift.until}; kubectl kitchen why tells how far each station is`;
  });
}

/** Takes the shift of a zone out of each Kitchen again. Throws when it stays in one, after all others. */
export async function endShift(shifting: Shifting, zone: string): Promise<void> {
  await each(await kitchensMeant(shifting), shifting, async (kitchen) => {
    const { metadata, spec } = await declare(shifting.client, kitchen, { zone, shifts: [] });
    if (spec.shifts?.some((shift) => shift.zone === zone) !== true) return `requests come back to ${zone}`;
    const entry = { metadata: {}, spec: { shifts: [{ zone }] } } as KubeObject;
    const owners = metadata.managedFields?.filter(({ fieldsV1 }) => fieldsV1 !== undefined && isOwned(fieldsV1, entry));
    const names = owners?.map(({ manager = 'an unknown manager' }) => manager).join(', ') ?? 'another manager';
    throw new Error(`${zone} stays shifted: take its entry out of spec.shifts where ${names} declares it`);
  });
}

async function declare(
  client: Client,
  { metadata: { name, namespace, uid } }: LiveKitchen,
  { zone, shifts }: { readonly zone: string; readonly shifts: readonly DeclaredShift[] },
): Promise<LiveKitchen> {
  // With the uid, the apply never makes a Kitchen.
  const metadata = { name, namespace, uid } as KubeObject['metadata'];
  const body = {
    apiVersion: API_VERSION,
    kind: 'Kitchen',
    metadata,
    ...(shifts.length === 0 ? {} : { spec: { shifts } }),
  };
  return client.apply<LiveKitchen>({ resource: kitchens, namespace: namespace ?? '', name }, body, {
    fieldManager: `kubectl-kitchen-shift-${zone}`,
    doing: `shifting ${zone} in Kitchen ${keyOf({ namespace, name })}`,
  });
}

async function kitchensMeant({ client, namespace, kitchen, labelSelector }: Shifting): Promise<readonly LiveKitchen[]> {
  const scope = { resource: kitchens, ...(namespace === undefined ? {} : { namespace }) };
  const { items } = await client.list<LiveKitchen>(scope, labelSelector === undefined ? {} : { labelSelector });
  const meant = kitchen === undefined ? items : items.filter(({ metadata }) => metadata.name === kitchen);
  if (meant.length > 0) return meant;
  const where = namespace === undefined ? 'any namespace' : `namespace ${namespace}`;
  throw new Error(
    `no Kitchen ${kitchen === undefined ? '' : `${JSON.stringify(kitchen)} `}in ${where} that this is for`,
  );
}

/** A zone that is misspelt would be shifted in vain, and seen only in a condition. */
async function checkZone({ client, namespace }: Shifting, zone: string): Promise<void> {
  const known = await zonesKnown(client, namespace);
  if (known.length === 0 || known.includes(zone)) return;
  throw new Error(`no station here is in ${zone}: their zones are ${known.join(', ')}`);
}

/** Sorted; none for a person who may not list Stations. */
async function zonesKnown(client: Client, namespace: string | undefined): Promise<readonly string[]> {
  try {
    const scope = { resource: stations, ...(namespace === undefined ? {} : { namespace }) };
    const { items } = await client.list<Station & KubeObject>(scope);
    return [...new Set(items.flatMap(({ status }) => status?.zones?.map(({ name }) => name) ?? []))].toSorted();
  } catch (error) {
    if (isCode(error, 'forbidden')) return [];
    throw error;
  }
}

async function each(
  found: readonly LiveKitchen[],
  { say }: Shifting,
  act: (kitchen: LiveKitchen) => Promise<string>,
): Promise<void> {
  const failed: string[] = [];
  for (const kitchen of found) {
    try {
      say(`kitchen.kitchen.dev/${kitchen.metadata.name} (${kitchen.metadata.namespace}): ${await act(kitchen)}`);
    } catch (error) {
      failed.push(`${keyOf(kitchen.metadata)}: ${cured(error)}`);
    }
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

function cured(error: unknown): string {
  const cure = isCode(error, 'conflict') ? '; change spec.shifts where that manager declares it' : '';
  return `${messageOf(error)}${cure}`;
}
