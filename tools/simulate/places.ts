import type { Event } from './sim/events.ts';
import { WordsError } from './words.ts';

/** Throws a `WordsError` where an event names a node or zone that there cannot be. */
export function checkPlaces(nodes: readonly number[], events: readonly Event[]): void {
  const zones = new Map(nodes.map((many, zone) => [`zone-${String.fromCodePoint(97 + zone)}`, many]));
  for (const event of events) {
    // Nodes come by being added; zones also when nodes are given to them, or are renamed.
    if (event.kind === 'addNode') zones.set(event.zone, (zones.get(event.zone) ?? 0) + 1);
    if (event.kind === 'relabel' && !zones.has(event.zone)) zones.set(event.zone, 0);
    if (event.kind === 'renameZone') zones.set(event.zone.replace(/^[a-z]+/, 'hall'), 0);
  }
  const known = [...zones].flatMap(([zone, many]) =>
    Array.from({ length: many }, (_, index) => `${zone}-${index + 1}`),
  );
  for (const event of events) {
    if ('node' in event && !known.includes(event.node))
      throw new WordsError(`there is no node ${event.node}: there are ${known.join(', ')}`);
    const named =
      'zone' in event && event.zone !== undefined ? [event.zone] : event.kind === 'zones' ? event.zones : [];
    const wrong = named.find((zone) => !zones.has(zone));
    if (wrong !== undefined)
      throw new WordsError(`there is no zone ${wrong}: there are ${[...zones.keys()].join(', ')}`);
  }
}
