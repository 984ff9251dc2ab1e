import type { z } from 'zod';
import { kitchenSchema } from './kitchen.ts';
import type { Kitchen } from './kitchen.ts';

/** A Kitchen read from a file, or every problem with it as `field: what is wrong or would be right`. */
export type ParsedKitchen =
  | { readonly kitchen: Kitchen; readonly problems?: undefined }
  | { readonly kitchen?: undefined; readonly problems: readonly string[] };

/** Checks a parsed YAML or JSON value as the API server would, but not inside pod templates, and fills in defaults. */
export function parseKitchen(value: unknown): ParsedKitchen {
  const { success, data, error } = kitchenSchema.safeParse(value);
  if (success) return { kitchen: data as unknown as Kitchen };
  return { problems: error.issues.map((issue) => `${fieldOf(issue.path)}: ${issue.message}`) };
}

function fieldOf(path: z.core.$ZodIssue['path']): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').slice(1) || 'Kitchen';
}
