import { projectChild } from '../observe/projectChild.ts';
import { takenBy } from '../observe/ownership.ts';
import type { ChildOwner } from '../model/owner.ts';
import type { Client } from '../kube/client.ts';
import type { Ref } from '../kube/path.ts';
import { ApiError } from '../kube/errors.ts';
import { findObject } from './findObject.ts';

/** An object of another owner already has the name that we need. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';
}

/**
 * Checks that a name is free before we make an object. Server-side apply would take over an object that already has
 * the name, and we do not see such an object in the stores if it lacks our labels. Throws `NameTakenError` when there
 * is one that is not ours.
 */
export async function refuseStrangers(client: Client, at: Ref, owner: ChildOwner): Promise<void> {
  const found = await findObject(client, at, { doing: `looking for ${at.resource.kind} ${at.name}` });
  const by = found && takenBy(projectChild(found), owner);
  if (by !== undefined) throw new NameTakenError(`${at.resource.kind} ${at.name} belongs to ${by}`);
  if (found?.metadata.deletionTimestamp === undefined) return;
  throw new ApiError({ code: 'conflict', doing: `making ${at.resource.kind} ${at.name}`, why: 'it is being deleted' });
}
