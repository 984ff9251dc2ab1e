import * as z from 'zod';
import { API_VERSION } from './labels.ts';
import { DNS_LABEL, LENGTH_ADVICE, nameAdvice, stationName, STATION_NAME_MAX, STATION_PART_MAX } from './names.ts';
import { boundedCount, generation } from './object.ts';
import type { NamedMeta, ValueOf } from './object.ts';
import { podTemplate } from './podtemplate.ts';
import { portList } from './ports.ts';
import { withRules } from './rules.ts';
import { REPLICAS_MAX, scaleSchema } from './scale.ts';
import { shiftList } from './shifts.ts';
import { conditionList, survival, survivesText } from './status.ts';
import { surviveDeclared } from './survive.ts';
import { zoneList, zonePrices } from './zones.ts';

/**
 * Bounds of the seconds in which a rollout must make progress, as in a Deployment; the least is above
 * `minReadySeconds`.
 */
export const PROGRESS_DEADLINE = { minimum: 5, maximum: 2_147_483_647 } as const;

/**
 * Which requests a hub sends again when an attempt has failed. Full: those that do no harm when they are done twice,
 * after any failure; all others when no pod can have seen them. Connect: only when no pod can have seen them.
 */
export const RETRIES = ['Full', 'Connect', 'Off'] as const;

/** How long one attempt at a request may take, in Go's and the Gateway API's way to write durations. */
export const perTryTimeout = z
  .string()
  .min(2)
  .max(8)
  .regex(/^[1-9][0-9]{0,4}(ms|s|m)$/, { error: 'perTryTimeout must be a number with ms, s or m, such as 500ms or 2s' });

/** What a drain may do when replacements find no room. */
export const WHEN_NO_ROOM = ['Block', 'Dip'] as const;

const dnsLabel = new RegExp(DNS_LABEL);

const declaredName = withRules(z.string().min(1).max(STATION_PART_MAX), [
  {
    cel: `self.matches('${DNS_LABEL}')`,
    holds: (name) => dnsLabel.test(name),
    message: nameAdvice('station', 'grill'),
  },
]);

const declaredStation = withRules(
  z.strictObject({
    name: declaredName.describe('Name of the station, different from all others of the Kitchen.'),
    replicas: boundedCount(0, REPLICAS_MAX)
      .optional()
      .describe(
        'Demand: ready pods that must always serve. Leave it out where an autoscaler or kubectl scale sets it on the Station.',
      ),
    scale: scaleSchema.optional().describe('Demand follows load between two bounds, in place of replicas.'),
    survive: surviveDeclared
      .optional()
      .describe("What this station must survive; overrides the Kitchen's field by field."),
    ports: portList.optional().describe("Ports of the station's Service."),
    hub: z
      .boolean()
      .optional()
      .describe('False: this station stays behind a plain Service. Default: true where spec.hub is given.'),
    retries: z
      .enum(RETRIES)
      .optional()
      .describe(
        'Which requests the hub sends again. Full: GET, HEAD, OPTIONS, TRACE and all with an Idempotency-Key after any failure, others when no pod has seen them. Connect: only what no pod has seen. Off: none. Default: Full.',
      ),
    perTryTimeout: perTryTimeout
      .optional()
      .describe(
        'An attempt at a request that may be sent again after any failure is given up after this long, and made at another pod: a frozen pod then costs no request. Longer than any answer takes. Default: attempts may take as long as they need.',
      ),
    template: podTemplate.describe('The pods of the station, as in a Deployment.'),
    whenNoRoom: z
      .enum(WHEN_NO_ROOM)
      .optional()
      .describe(
        'What a drain or a shift does when pods that it needs find no room. Block: it waits. Dip: it may go below demand, by those pods. Default: Block.',
      ),
    progressDeadlineSeconds: boundedCount(PROGRESS_DEADLINE.minimum, PROGRESS_DEADLINE.maximum)
      .optional()
      .describe(
        'A rollout that makes no progress for this many seconds has failed, and is rolled back. Default: 600, or 300 more than the probes let a pod start if that is more.',
      ),
  }),
  [
    {
      cel: '!has(self.replicas) || !has(self.scale)',
      holds: ({ replicas, scale }) => replicas === undefined || scale === undefined,
      message:
        'replicas and scale exclude each other: replicas is a demand that stays, scale lets it follow load; take one of the two out',
    },
  ],
);

const stationList = withRules(z.array(declaredStation).min(1).max(64), [
  {
    cel: 'self.all(station, self.exists_one(other, other.name == station.name))',
    holds: (stations) => new Set(stations.map(({ name }) => name)).size === stations.length,
    message: 'station names must differ from each other: rename one of the two',
  },
]).meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });

const kitchenSpec = withRules(
  z.strictObject({
    survive: surviveDeclared.optional().describe('Any one of these losses leaves demand served. Default: one pod.'),
    zones: zoneList.optional().describe('Zones to use. Default: every zone that has a node the station can run on.'),
    paused: z
      .boolean()
      .optional()
      .describe('True: the operator looks, says what it would do, and does nothing. Default: false.'),
    shifts: shiftList
      .optional()
      .describe('Zones that new requests leave for a time, and that count as lost for that long. Default: none.'),
    hub: z
      .strictObject({
        prices: zonePrices
          .optional()
          .describe(
            'What it costs that a request of one zone is served in another, in milliseconds that it would rather wait: {zone-a: {zone-b: 10}}. Default: 5 between zones, 0 within one.',
          ),
      })
      .optional()
      .describe(
        'Serve the stations through the hubs, so that a declared loss costs no request. Default: plain Services.',
      ),
    stations: stationList.describe('The services of the Kitchen.'),
  }),
  [
    {
      cel:
        'has(self.hub) || self.stations.all(station, (!has(station.hub) || !station.hub) && !has(station.retries) &&' +
        ' !has(station.perTryTimeout))',
      holds: ({ hub, stations }) =>
        hub !== undefined ||
        stations.every((station) => station.hub !== true && (station.retries ?? station.perTryTimeout) === undefined),
      at: ['stations'],
      message:
        "a station's hub: true, retries and perTryTimeout need spec.hub: add hub: {} to the Kitchen, or take them away",
    },
    {
      cel: '!has(self.zones) || !has(self.survive) || !has(self.survive.zones) || self.survive.zones < size(self.zones)',
      holds: ({ zones, survive }) => isFewer(survive?.zones, zones),
      at: ['survive', 'zones'],
      message: 'survive.zones must be less than the number of zones: name more zones, or survive the loss of fewer',
    },
    {
      cel:
        '!has(self.zones) || self.stations.all(station, !has(station.survive) || !has(station.survive.zones) ||' +
        ' station.survive.zones < size(self.zones))',
      holds: ({ zones, stations }) => stations.every(({ survive }) => isFewer(survive?.zones, zones)),
      at: ['stations'],
      message:
        "a station's survive.zones must be less than the number of zones: name more zones, or survive the loss of fewer",
    },
  ],
);

const kitchenStatusSchema = z.strictObject({
  observedGeneration: generation.optional(),
  stations: boundedCount(0, 64).optional().describe('Number of stations.'),
  ready: boundedCount(0, 64).optional().describe('Number of stations that are Ready.'),
  survives: survivesText
    .optional()
    .describe('The least that any station survives, measured from the placement as it is now, in words.'),
  survival: survival
    .optional()
    .describe('The least that any station survives as numbers, and every zone that any of them has lost.'),
  conditions: conditionList.optional(),
});

/** The schema of a whole Kitchen, with the rules that span its name and its stations. */
export const kitchenSchema = withRules(
  z.strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal('Kitchen'),
    metadata: z.looseObject({ name: z.string().min(1).max(63) }),
    spec: kitchenSpec,
    status: kitchenStatusSchema.optional(),
  }),
  [
    {
      cel: `self.metadata.name.matches('${DNS_LABEL}')`,
      holds: ({ metadata }) => dnsLabel.test(metadata.name),
      at: ['metadata', 'name'],
      message: nameAdvice('Kitchen', 'pizzeria'),
    },
    {
      cel: `self.spec.stations.all(station, size(self.metadata.name) + 1 + size(station.name) <= ${STATION_NAME_MAX})`,
      holds: ({ metadata, spec }) =>
        spec.stations.every(({ name }) => stationName(metadata.name, name).length <= STATION_NAME_MAX),
      at: ['metadata', 'name'],
      message: LENGTH_ADVICE,
    },
  ],
);

/** One entry of a Kitchen's `spec.stations`, as a person wrote it. */
export type DeclaredStation = ValueOf<typeof declaredStation>;
/** What a person declares. */
export type KitchenSpec = Omit<ValueOf<typeof kitchenSpec>, 'stations'> & {
  readonly stations: readonly DeclaredStation[];
};
/** What the operator says about a Kitchen as a whole. */
export type KitchenStatus = ValueOf<typeof kitchenStatusSchema>;

/** A group of stateless services and the losses that they must survive. */
export interface Kitchen {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Kitchen';
  readonly metadata: NamedMeta;
  readonly spec: KitchenSpec;
  readonly status?: KitchenStatus;
}

/** Whether a zone is left when this many are lost; true when either is not given. */
function isFewer(lost: number | undefined, zones: readonly string[] | undefined): boolean {
  return lost === undefined || zones === undefined || lost < zones.length;
}
