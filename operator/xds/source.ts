import type { PackedResource } from '../envoy/translate.ts';
import type { ResourceType } from '../envoy/types.ts';

/** Where the streams get what they send. */
export interface Source {
  /** All resources of a type, as a hub of this zone needs them. Another map after every change. */
  resources(type: ResourceType, zone: string): ReadonlyMap<string, PackedResource>;
  /** Calls back after every change; returns what ends it. */
  onChange(listener: () => void): () => void;
}
