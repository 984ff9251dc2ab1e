import type { KubeObject } from '../api/kubernetes/object.ts';
import { share } from './share.ts';

/** A node's Lease; it has the node's name. */
export interface LeaseObject {
  readonly name: string;
  /** `spec.renewTime` as the node's own clock wrote it: when the text changes, the Lease was renewed. */
  readonly renewTime: string;
  /** When it was renewed last, in whole seconds since 1970, by the clock that also says when pods were made. */
  readonly renewedAt: number;
}

interface RawLease extends KubeObject {
  readonly spec?: { readonly renewTime?: string | null };
}

/** A Lease, reduced to its renewals; undefined for one that was never renewed. */
export function projectLease(raw: KubeObject): LeaseObject | undefined {
  const { metadata, spec } = raw as RawLease;
  const renewTime = spec?.renewTime ?? '';
  // If a dead node's clock was fast, pods made after its death would seem older than its last `renewTime`. So take the
  // time that the API server noted, by its own clock.
  const renewer = (metadata.managedFields ?? []).find(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:renewTime']);
  const renewedMs = Date.parse(renewer?.time ?? renewTime);
  if (renewTime === '' || Number.isNaN(renewedMs)) return undefined;
  return { name: share(metadata.name ?? ''), renewTime, renewedAt: Math.floor(renewedMs / 1000) };
}
