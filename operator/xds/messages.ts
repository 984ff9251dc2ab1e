import { create } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import { messageNamed } from '../envoy/protos.ts';
import type { PackedResource } from '../envoy/translate.ts';

/** The parts of a `DeltaDiscoveryRequest` that are read. */
export interface DeltaRequest extends Message {
  readonly node?: { readonly id: string };
  readonly typeUrl: string;
  readonly resourceNamesSubscribe: readonly string[];
  readonly resourceNamesUnsubscribe: readonly string[];
  /** What an Envoy still has from an earlier stream: versions by name. */
  readonly initialResourceVersions: Readonly<Record<string, string>>;
  /** Empty in a request that answers no response. */
  readonly responseNonce: string;
  /** Why it refuses the response. */
  readonly errorDetail?: { readonly message: string };
}

/** What is sent of one type. */
export interface Delta {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly changed: ReadonlyMap<string, PackedResource>;
  readonly removed: readonly string[];
}

/** A `DeltaDiscoveryResponse`. */
export function deltaResponse({ typeUrl, nonce, changed, removed }: Delta): Message {
  return create(messageNamed('envoy.service.discovery.v3.DeltaDiscoveryResponse'), {
    typeUrl,
    nonce,
    removedResources: removed,
    resources: [...changed].map(([name, { version, bytes }]) => ({
      name,
      version,
      resource: { typeUrl, value: bytes },
    })),
  });
}
