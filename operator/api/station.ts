import * as z from 'zod';
import { perTryTimeout, PROGRESS_DEADLINE, RETRIES, WHEN_NO_ROOM } from './kitchen.ts';
import { API_VERSION } from './labels.ts';
import { STATION_NAME_MAX, STATION_PART_MAX } from './names.ts';
import { boundedCount, generation } from './object.ts';
import type { NamedMeta, ValueOf } from './object.ts';
import { podTemplate } from './podtemplate.ts';
import { portList } from './ports.ts';
import { REPLICAS_MAX, scaleSchema } from './scale.ts';
import { shiftList } from './shifts.ts';
import {
  conditionList,
  decisionList,
  loadStatus,
  price,
  statusLimits,
  survival,
  survivesText,
  waitingList,
  zoneRows,
} from './status.ts';
import type { ZoneRow } from './status.ts';
import { surviveComplete } from './survive.ts';
import { zoneList, zonePrices } from './zones.ts';
import { showZone } from './zone.ts';
import type { ZoneName } from './zone.ts';

const podCount = boundedCount(0, 100_000);

const stationSpec = z.strictObject({
  kitchen: z.string().min(1).max(STATION_NAME_MAX).describe('Name of the Kitchen.'),
  station: z.string().min(1).max(STATION_PART_MAX).describe('Name of the station inside its Kitchen.'),
  survive: surviveComplete.describe('Any one of these losses leaves demand served.'),
  zones: zoneList.optional().describe('Zones to use. Absent: every zone that has a node the station can run on.'),
  shifts: shiftList.optional().describe('Zones that new requests leave for a time. Absent: none.'),
  paused: z.boolean().describe('True: the operator looks, says what it would do, and does nothing.'),
  // Required, without a default: an absent one makes /scale answer 500, and a default would drop demand when its owner
  // gives it up.
  replicas: boundedCount(0, REPLICAS_MAX).describe(
    'Demand: ready pods that must always serve. kubectl scale and autoscalers set this.',
  ),
  scale: scaleSchema
    .optional()
    .describe('Demand follows load. Absent: the Kitchen, a person or an autoscaler sets it.'),
  // With a default, because an apply that removes the last item of a list removes the whole list.
  ports: portList.default([]).describe("Ports of the station's Service."),
  hub: z
    .strictObject({
      retries: z.enum(RETRIES).describe('Which requests the hub sends again.'),
      perTryTimeout: perTryTimeout.optional().describe('How long one attempt may take. Absent: as long as it needs.'),
      prices: zonePrices
        .optional()
        .describe('What it costs that a request of one zone is served in another, in milliseconds of waiting.'),
    })
    .optional()
    .describe('Requests reach the pods through the hubs. Absent: by a plain Service.'),
  template: podTemplate.describe('The pods of the station, as in a Deployment.'),
  whenNoRoom: z
    .enum(WHEN_NO_ROOM)
    .default('Block')
    .describe(
      'What a drain or a shift does when pods that it needs find no room. Block: it waits. Dip: it may go below demand, by those pods.',
    ),
  progressDeadlineSeconds: boundedCount(PROGRESS_DEADLINE.minimum, PROGRESS_DEADLINE.maximum)
    .optional()
    .describe(
      'A rollout that makes no progress for this many seconds has failed. Absent: 600, or 300 more than the probes let a pod start if that is more.',
    ),
});

const stationStatusSchema = z.strictObject({
  observedGeneration: generation.optional(),
  demand: podCount.optional().describe('Demand: ready pods that must always serve.'),
  target: podCount.optional().describe('Pods wanted: the least number that keeps what is declared.'),
  ready: podCount.optional().describe('Pods that are ready.'),
  replicas: podCount.optional().describe('Demand again, for the scale subresource.'),
  selector: z.string().max(statusLimits.selector).optional().describe("The station's pods, for the scale subresource."),
  survives: survivesText.optional().describe('What the placement survives as it is now, in words.'),
  survival: survival.optional().describe('What the placement survives as it is now, as numbers.'),
  surplus: podCount.optional().describe('Pods that are sure, beyond demand.'),
  zones: zoneRows.optional().describe('A row a zone.'),
  shifted: z
    .array(z.string().min(1).max(63))
    .max(statusLimits.zones)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Zones that hubs send no new request to, because of spec.shifts.'),
  zoneSummary: z
    .string()
    .max(statusLimits.zoneSummary)
    .optional()
    .describe('The zones in one line: ready/target, and the state where it is not Live.'),
  conditions: conditionList.optional(),
  scaledBy: z
    .string()
    .max(statusLimits.scaledBy)
    .optional()
    .describe('Who sets demand: scale, a HorizontalPodAutoscaler by its name. Absent: the Kitchen or a person.'),
  load: loadStatus.optional().describe('What demand follows, as it was when demand or what limits it changed last.'),
  price: price.optional().describe('What the pods beyond demand cost, from the placement as it is now.'),
  decisions: decisionList.optional().describe('What was decided lately and why, newest first.'),
  waiting: waitingList.optional().describe('What is being waited for.'),
});

/** The schema of a whole Station. */
export const stationSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Station'),
  metadata: z.looseObject({ name: z.string().min(1).max(STATION_NAME_MAX) }),
  spec: stationSpec,
  status: stationStatusSchema.optional(),
});

/** One service of a Kitchen, with all defaults filled in. */
export type StationSpec = ValueOf<typeof stationSpec>;
/** What the operator says about a station. */
export type StationStatus = ValueOf<typeof stationStatusSchema>;

/** One service of a Kitchen, applied by the operator; its `scale` subresource sets demand. */
export interface Station {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Station';
  readonly metadata: NamedMeta;
  readonly spec: StationSpec;
  readonly status?: StationStatus;
}

/** The zones in one line for a column of `kubectl get`: `zone-a 3/3, zone-b 0/3 Lost`; more than four are only counted. */
export function zoneSummary(rows: readonly ZoneRow[]): string {
  if (rows.length > 4) return `${rows.filter(({ state }) => state === 'Live').length} of ${rows.length} live`;
  return rows.map(summaryOf).join(', ');
}

function summaryOf({ name, state, target, ready }: ZoneRow): string {
  const counts = `${showZone(name as ZoneName)} ${ready}/${target}`;
  return state === 'Live' ? counts : `${counts} ${state}`;
}
