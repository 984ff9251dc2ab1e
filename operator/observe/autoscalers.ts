import type { AutoscalerView } from '../model/snapshot.ts';
import type { AutoscalerObject } from './objects.ts';

/** Autoscalers that target the Station, sorted by name. */
export function autoscalersOf({
  autoscalers,
}: {
  readonly autoscalers: readonly AutoscalerObject[];
}): readonly AutoscalerView[] {
  return autoscalers.map(({ name, metrics }) => ({ name, metrics })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
