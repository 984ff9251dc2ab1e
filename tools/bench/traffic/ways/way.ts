import type { Address } from '../load.ts';

/** A way to the pods. Its processes and files end with it. */
export interface Way extends AsyncDisposable {
  /** How many proxies there are. */
  readonly doors: number;
  /** Where the next connection goes: to each door in turn. */
  next(): Address;
  /** Throws when what makes it up has ended or is not as it was meant. */
  check(): void;
}
