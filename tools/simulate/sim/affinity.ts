import type { Json, JsonObject } from '../../../operator/api/kubernetes/json.ts';

/** Whether a pod template's required node affinity and node selector admit a node with these labels. */
export function admits(template: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const spec = object(template['spec']);
  const selector = Object.entries(object(spec['nodeSelector']));
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = object(object(spec['affinity'])['nodeAffinity'])['requiredDuringSchedulingIgnoredDuringExecution'];
  if (required === undefined) return true;
  return list(object(required)['nodeSelectorTerms']).some((term) =>
    list(object(term)['matchExpressions']).every((expression) => holds(object(expression), labels)),
  );
}

/** Whether pods of the template go past every taint. */
export function toleratesAll(template: JsonObject): boolean {
  const tolerations = list(object(template['spec'])['tolerations']).map(object);
  return tolerations.some(({ key, operator }) => key === undefined && operator === 'Exists');
}

function holds(expression: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator } = expression;
  const value = typeof key === 'string' ? labels[key] : undefined;
  const values = list(expression['values']);
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  throw new Error(`${JSON.stringify(expression)}: the simulated scheduler knows In, NotIn, Exists and DoesNotExist`);
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
