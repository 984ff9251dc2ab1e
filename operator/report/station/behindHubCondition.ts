import type { StatedCondition } from '../../api/conditions.ts';
import { isBehindHubs } from '../../plan/children/service.ts';
import type { StationFacts } from './facts.ts';

/** Whether the Service leads to the hubs: its transition time says since when new connections do. */
export function behindHubCondition({ snapshot }: StationFacts): StatedCondition | undefined {
  if (!isBehindHubs(snapshot)) return undefined;
  const sending = snapshot.hub?.sending === undefined ? '' : `. ${snapshot.hub.sending}`;
  const message = `new connections go through the hubs; those made before stay direct until they end${sending}`;
  return { type: 'BehindHub', status: 'True', reason: 'Serving', message };
}
