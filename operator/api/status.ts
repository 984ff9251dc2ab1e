import * as z from 'zod';
import { boundedCount, generation } from './object.ts';
import type { ValueOf } from './object.ts';
import { SCALE_METRICS_MAX } from './scale.ts';

/** How long texts in a status may be, and how many entries its lists may have: a report cuts what is more. */
export const statusLimits = {
  message: 32_768,
  survives: 256,
  zoneSummary: 512,
  selector: 512,
  scaledBy: 300,
  what: 256,
  why: 1024,
  waiting: 1024,
  zones: 64,
  decisions: 10,
  waitings: 10,
} as const;

/** What a placement survives, in words: `1 zone, 2 nodes`. */
export const survivesText = z.string().max(statusLimits.survives);

const many = boundedCount(0, 100_000);

/** What a placement survives as it is now, as numbers. */
export const survival = z.strictObject({
  pods: many.describe('So many pods, whichever they are, may be lost with demand still served.'),
  nodes: many.describe('So many nodes, whichever they are, may be lost with demand still served.'),
  zones: many.describe('So many zones, whichever they are, may be lost with demand still served.'),
  short: many.describe('Pods missing to demand: so many more must be ready, on nodes that are not lost or leaving.'),
  lostZones: z
    .array(z.string().min(1).max(63))
    .max(statusLimits.zones)
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Zones that are lost now; they count as lost already in the number of zones.'),
  shiftedZones: z
    .array(z.string().min(1).max(63))
    .max(statusLimits.zones)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Zones that requests leave because of spec.shifts; they count as lost already too. Absent: none.'),
});

/** A point in time, RFC 3339. */
const time = z.string().max(64).meta({ format: 'date-time' });

const condition = z.strictObject({
  type: z.string().min(1).max(316),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().min(1).max(1024),
  message: z.string().max(statusLimits.message),
  observedGeneration: generation.optional(),
  lastTransitionTime: time,
});

/** Conditions, one of each type. */
export const conditionList = z
  .array(condition)
  .max(32)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] });

const zoneState = z.enum(['Live', 'Full', 'Failing', 'Returning', 'Lost', 'Shifted', 'Missing', 'Leaving']);

const zoneRow = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .describe("The zone's exact name; (none) for nodes without a zone, (any) for no restriction."),
  state: zoneState.describe(
    'Live; Full: takes no more pods; Failing: most of its nodes were lost at once; Returning: back for less than 2 min; Lost: no healthy node; Shifted: requests leave it for a time; Missing: declared, but never had a node; Leaving: no longer declared.',
  ),
  target: boundedCount(0, 100_000).describe('Pods wanted in the zone.'),
  ready: boundedCount(0, 100_000).describe('Pods of the zone that are ready.'),
});

/** Rows of zones, one for each zone. */
export const zoneRows = z
  .array(zoneRow)
  .max(statusLimits.zones)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });

/** What the living pods beyond demand cost: placed on a node, ready or not, and not being deleted. */
export const price = z.strictObject({
  pods: boundedCount(0, 100_000).describe(
    'Living pods beyond demand: placed on a node, ready or not, and not being deleted.',
  ),
  cpu: z.string().max(32).describe('CPU requests of those pods, as a quantity.'),
  memory: z.string().max(32).describe('Memory requests of those pods, as a quantity.'),
});

/** Why demand is not what load alone asks for. */
export const LOAD_LIMITS = ['Min', 'Max', 'Rate', 'Window', 'Fallback'] as const;

const loadMetric = z.strictObject({
  name: z.string().min(1).max(253).describe('cpu, or the name of the metric.'),
  total: z.string().max(32).describe('The sum over the pods, or the total that is served; cores, bytes or a number.'),
  target: z.string().max(32).describe('What one pod is to carry.'),
  age: z.string().max(32).describe('How old the newest value was.'),
});

/** What demand follows. */
export const loadStatus = z.strictObject({
  demand: many.describe('The demand that load set.'),
  metrics: z
    .array(loadMetric)
    .max(SCALE_METRICS_MAX)
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('The metrics that were known.'),
  limitedBy: z
    .enum(LOAD_LIMITS)
    .optional()
    .describe(
      'Why it is not what load alone asks for. Min, Max: the bounds; Rate: it rises in steps; Window: load was higher a while ago; Fallback: load is not known.',
    ),
});

const decision = z.strictObject({
  id: z.string().min(1).max(63).describe('The id by which the decision is found in log and events.'),
  time,
  what: z.string().max(statusLimits.what).describe('What was done.'),
  why: z.string().max(statusLimits.why).describe('Why, with numbers.'),
});

/** Decisions, newest first. */
export const decisionList = z.array(decision).max(statusLimits.decisions).meta({ 'x-kubernetes-list-type': 'atomic' });

/** What is being waited for, in sentences. */
export const waitingList = z
  .array(z.string().max(statusLimits.waiting))
  .max(statusLimits.waitings)
  .meta({ 'x-kubernetes-list-type': 'atomic' });

/** What a placement survives: how many pods, nodes or zones may be lost, and what is missing or lost already. */
export type SurvivalStatus = ValueOf<typeof survival>;
/** One zone of a station's status; `name` is its exact name. */
export type ZoneRow = ValueOf<typeof zoneRow>;
/** What the living pods beyond demand cost: how many, and their CPU and memory requests as quantities. */
export type Price = ValueOf<typeof price>;
/** What demand follows, as a status has it. */
export type LoadStatus = ValueOf<typeof loadStatus>;
/** Why demand is not what load alone asks for. */
export type LoadLimit = (typeof LOAD_LIMITS)[number];
/** One thing the operator did for a station. */
export type Decision = ValueOf<typeof decision>;
