import type { z } from 'zod';

/** One validation rule, in the two languages that it is checked in. */
export interface Rule<Value> {
  /** The rule in CEL, for the API server. */
  readonly cel: string;
  /** The rule as a function, for objects that are read from a file. */
  readonly holds: (value: Value) => boolean;
  /** What would be right. */
  readonly message: string;
  /** The field at which the problem is reported, as names from here; absent: right here. */
  readonly at?: readonly string[];
}

/** The schema with rules that both zod and, through the CRD, the API server check, with the same message. */
export function withRules<Schema extends z.ZodType>(schema: Schema, rules: readonly Rule<z.output<Schema>>[]): Schema {
  const refined = rules.reduce(
    (sofar, { holds, message, at = [] }) => sofar.refine(holds, { error: message, path: [...at] }),
    schema,
  );
  return refined.meta({ 'x-kubernetes-validations': rules.map(inCel) });
}

function inCel<Value>({ cel, message, at }: Rule<Value>): Readonly<Record<string, string>> {
  return { rule: cel, message, ...(at === undefined ? {} : { fieldPath: `.${at.join('.')}` }) };
}
