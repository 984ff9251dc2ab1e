/** A field of a child that does not keep the value that we write. */
export interface Contest {
  /** Name of the child. */
  readonly object: string;
  /** Path of the field, such as `spec.replicas`. */
  readonly path: string;
  /** The field manager that changed it; `admission` when the answer to our write already held another value. */
  readonly by: string;
  /** Values as JSON, cut when long. */
  readonly asked: string;
  readonly found: string;
  /** How many times we wrote it. */
  readonly times: number;
}
