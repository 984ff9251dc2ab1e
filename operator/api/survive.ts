import * as z from 'zod';
import { boundedCount } from './object.ts';

/** Zones that may be named in `spec.zones`. */
export const ZONES_MAX = 32;

const mostPods = boundedCount(0, 1000).describe(
  'Pods that may be lost at once. Default 1: one pod more than demand, so that plain drains work even while the operator is down.',
);
const mostNodes = boundedCount(0, 1000).describe('Nodes that may be lost at once. Default 0.');
const zones = boundedCount(0, ZONES_MAX - 1).describe('Zones that may be lost at once. Default 0.');

/** What a person declares: any one of these losses leaves demand served. An absent field is inherited or defaulted. */
export const surviveDeclared = z.strictObject({
  pods: mostPods.optional(),
  nodes: mostNodes.optional(),
  zones: zones.optional(),
});

/** The losses to survive, with every field present. */
export const surviveComplete = z.strictObject({ pods: mostPods, nodes: mostNodes, zones });

/** The losses, any one of which must leave demand served: numbers of pods, nodes and zones. */
export type Survive = Readonly<z.output<typeof surviveComplete>>;

/** The losses as a person declares them, each field optional. */
export type SurviveDeclared = Readonly<z.output<typeof surviveDeclared>>;

/**
 * Merges a station's `survive` into its Kitchen's, field by field. When both leave a field out, `pods` is 1 and the
 * others are 0; a declared 0 holds.
 */
export function completeSurvive(kitchen: SurviveDeclared = {}, station: SurviveDeclared = {}): Survive {
  return {
    pods: station.pods ?? kitchen.pods ?? 1,
    nodes: station.nodes ?? kitchen.nodes ?? 0,
    zones: station.zones ?? kitchen.zones ?? 0,
  };
}
