/** A field of a child that does not stay as we write it. */
export interface Contest {
  /** Name of the child. */
  readonly object: string;
  /** `spec.replicas`. */
  readonly path: string;
  /** Its field manager; `admission`: it came back otherwise in the very answer to the write. */
  readonly by: string;
  /** As JSON, cut where it is long. */
  readonly asked: string;
  readonly found: string;
  /** How often we wrote it. */
  readonly times: number;
}
