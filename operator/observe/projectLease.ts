import type { KubeObject } from '../api/kubernetes/object.ts';
import { intern } from './intern.ts';

/** A node's Lease; it has the node's name. */
export interface LeaseObject {
  readonly name: string;
  /** `spec.renewTime` as written by the node's own clock: another text is another renewal, and it says nothing more. */
  readonly renewTime: string;
  /** When it was renewed last, in whole seconds since 1970, by the clock that also says when pods were made. */
  readonly renewedAt: number;
}

interface RawLease extends KubeObject {
  readonly spec?: { readonly renewTime?: string | null };
}

/** A Lease, down to its renewals; undefined for one that was never renewed. */
export function projectLease(raw: KubeObject): LeaseObject | undefined {
  const { metadata, spec } = raw as RawLease;
  const renewTime = spec?.renewTime ?? '';
  // By the clock of a node that is fast, pods made after its death were there before: the API server notes its own time.
  const renewer = (metadata.managedFields ?? []).find(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:renewTime']);
  const renewedMs = Date.parse(renewer?.time ?? renewTime);
  if (renewTime === '' || Number.isNaN(renewedMs)) return undefined;
  return { name: intern(metadata.name ?? ''), renewTime, renewedAt: Math.floor(renewedMs / 1000) };
}
