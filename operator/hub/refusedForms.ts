import type { Key } from '../api/kubernetes/key.ts';
import { stationOfName } from './ports.ts';

/** A form of a resource that a hub refused: it goes on with the one before. */
export interface RefusedForm {
  /** As Envoy calls it: `Listener`. */
  readonly type: string;
  readonly name: string;
  /** In Envoy's words; they name the field. */
  readonly message: string;
  /** Whether the hubs are still told this form. */
  readonly isCurrent: () => boolean;
}

/** What hubs refuse, by station, until they are told another form. */
export class RefusedForms {
  readonly #forms = new Map<Key, Map<string, RefusedForm>>();
  readonly #listeners = new Set<(stations: readonly Key[]) => void>();

  add(form: RefusedForm): void {
    const key = stationOfName(form.name);
    for (const each of this.#forms.keys()) this.#prune(each);
    const forms = this.#forms.get(key) ?? new Map<string, RefusedForm>();
    this.#forms.set(key, forms.set(`${form.type} ${form.name}`, form));
    for (const tell of this.#listeners) tell([key]);
  }

  /** What is refused of a station, in a sentence; undefined: nothing. */
  of(key: Key): string | undefined {
    this.#prune(key);
    const said = [...(this.#forms.get(key)?.values() ?? [])].map(
      ({ type, name, message }) => `${type} ${name}: ${message}`,
    );
    return said.length === 0 ? undefined : said.join('; ');
  }

  #prune(key: Key): void {
    const forms = this.#forms.get(key);
    for (const [name, form] of forms ?? []) if (!form.isCurrent()) forms?.delete(name);
    if (forms?.size === 0) this.#forms.delete(key);
  }

  onRefusal(tell: (stations: readonly Key[]) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }
}
