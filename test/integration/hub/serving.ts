import { merged, pack, packCommon, translate } from '../../../operator/envoy/translate.ts';
import type { Packed } from '../../../operator/envoy/translate.ts';
import type { ResourceType } from '../../../operator/envoy/types.ts';
import type { Traffic } from '../../../operator/traffic/form.ts';
import type { Source } from '../../../operator/xds/source.ts';

/** A source whose traffic a test sets. */
export class SetTraffic implements Source {
  readonly #listeners = new Set<() => void>();
  #traffic: Traffic;
  #packed = new Map<string, Packed>();

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  set(traffic: Traffic): void {
    this.#traffic = traffic;
    this.#packed = new Map();
    for (const listener of this.#listeners) listener();
  }

  resources(type: ResourceType, zone: string): ReturnType<Source['resources']> {
    const packed = this.#packed.get(zone) ?? merged([packCommon(), pack(translate(this.#traffic, zone))]);
    this.#packed.set(zone, packed);
    return packed[type];
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
