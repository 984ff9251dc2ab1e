import * as z from 'zod';
import { boundedCount } from './object.ts';
import type { ValueOf } from './object.ts';
import { quantityOf } from './kubernetes/quantity.ts';
import { targetPort } from './ports.ts';
import { withRules } from './rules.ts';

/*
 * Demand that follows load, in the words and shapes of autoscaling/v2 as far as they go. What is left out there cannot
 * be computed from totals: see docs/scale.md.
 */

/** The most demand that a station may have. */
export const REPLICAS_MAX = 10_000;

/** The most metrics that one station scales by. */
export const SCALE_METRICS_MAX = 5;

const POSITIVE = '^([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)([mkMGTPE]|[KMGTPE]i)?$';
const positiveAdvice = 'averageValue is what one pod is to carry: a quantity above 0, such as 8, "0.5" or 500m';

const averageValue = z
  .union(
    [boundedCount(1, 2_147_483_647), z.string().min(1).max(32).regex(new RegExp(POSITIVE), { error: positiveAdvice })],
    {
      error: positiveAdvice,
    },
  )
  .meta({ 'x-kubernetes-int-or-string': true });

const TOLERANCE = '^(0|0?\\.[0-9]{1,3}|[1-9][0-9]{0,2}m)$';

const tolerance = z
  .string()
  .min(1)
  .max(5)
  .regex(new RegExp(TOLERANCE), { error: 'tolerance is a share of demand below 1, as text such as "0.05" or 50m' });

const METRIC_NAME = '^[A-Za-z_:][A-Za-z0-9_:./-]*$';
const metricName = withRules(z.string().min(1).max(253), [
  {
    cel: `self.matches('${METRIC_NAME}')`,
    holds: (name) => new RegExp(METRIC_NAME).test(name),
    message: 'the name of a metric must be letters, digits, _ : . / and -, such as http_requests_in_flight',
  },
]);

const VALUE_ADVICE =
  'a target of type Value is refused, as it grows with the pods that it makes: use AverageValue, what one pod is to carry';
const notValue = {
  cel: "self.type != 'Value'",
  holds: ({ type }: { readonly type: string }) => type !== 'Value',
  message: VALUE_ADVICE,
};

const MEMORY_ADVICE =
  'memory is no load: pods that stand by for a loss use it too, so demand would feed on the pods that it makes; use cpu, or a metric of type Hub or Pods';

const resourceTarget = withRules(
  z.strictObject({
    type: z.enum(['Utilization', 'AverageValue', 'Value']).describe('Utilization or AverageValue.'),
    averageUtilization: boundedCount(1, 1_000)
      .optional()
      .describe('With Utilization: percent of what a pod requests of the resource.'),
    averageValue: averageValue.optional().describe('With AverageValue: what one pod is to use, a quantity.'),
  }),
  [
    notValue,
    {
      cel: "(self.type == 'Utilization') == has(self.averageUtilization)",
      holds: (target) => (target.type === 'Utilization') === (target.averageUtilization !== undefined),
      message: 'a target of type Utilization needs averageUtilization, and no other has it',
    },
    {
      cel: "(self.type == 'AverageValue') == has(self.averageValue)",
      holds: (target) => (target.type === 'AverageValue') === (target.averageValue !== undefined),
      message: 'a target of type AverageValue needs averageValue, and no other has it',
    },
  ],
);

const averageTarget = withRules(
  z.strictObject({
    type: z.enum(['AverageValue', 'Value']).describe('AverageValue.'),
    averageValue: averageValue.describe('What one pod is to carry, a quantity.'),
  }),
  [notValue],
);

const selectorLabels = z.record(z.string().min(1).max(316), z.string().max(253)).meta({ maxProperties: 16 });

const scaleMetric = withRules(
  z.strictObject({
    type: z.enum(['Hub', 'Pods', 'Resource', 'External']).describe('Where the load is read.'),
    hub: z
      .strictObject({
        metric: z
          .enum(['inFlight', 'requestsPerSecond'])
          .describe(
            'inFlight: requests that are under way to the pods. requestsPerSecond: those that are sent to them.',
          ),
        target: averageTarget,
      })
      .optional()
      .describe('Type Hub: requests as the hubs count them, every second or two. Needs spec.hub.'),
    pods: z
      .strictObject({
        metric: z.strictObject({
          name: metricName.describe('A gauge that each pod serves; its series are summed.'),
        }),
        target: averageTarget,
        port: targetPort.describe('Number or name of the port at which each pod serves its metrics by HTTP.'),
        path: z
          .string()
          .min(1)
          .max(256)
          .regex(/^\/[!-~]*$/, { error: 'path must begin with / and have no spaces, such as /metrics' })
          .optional()
          .describe('Path of the metrics. Default: /metrics.'),
      })
      .optional()
      .describe("Type Pods: a metric of the pods' own Prometheus endpoint, read at each pod every 5 s."),
    resource: withRules(
      z.strictObject({
        name: z.enum(['cpu', 'memory']).describe('cpu.'),
        target: resourceTarget,
      }),
      [
        {
          cel: "self.name != 'memory'",
          holds: ({ name }) => name !== 'memory',
          at: ['name'],
          message: MEMORY_ADVICE,
        },
      ],
    )
      .optional()
      .describe('Type Resource: what CPU the pods use, by metrics.k8s.io, every 15 s.'),
    external: z
      .strictObject({
        metric: z.strictObject({
          name: metricName.describe('Name of the metric.'),
          selector: z
            .strictObject({ matchLabels: selectorLabels.optional().describe('Labels of the series.') })
            .optional()
            .describe('Which series of the metric; all are summed. Default: all.'),
        }),
        target: averageTarget,
      })
      .optional()
      .describe('Type External: a total that external.metrics.k8s.io knows, every 15 s.'),
  }),
  (['Hub', 'Pods', 'Resource', 'External'] as const).map((type) => {
    const field = type.toLowerCase() as 'hub' | 'pods' | 'resource' | 'external';
    return {
      cel: `(self.type == '${type}') == has(self.${field})`,
      holds: (metric) => (metric.type === type) === (metric[field] !== undefined),
      message: `a metric of type ${type} needs the field ${field}, and no other type has it`,
    };
  }),
);

const stabilization = boundedCount(0, 3_600);

/** How demand follows load. */
export const scaleSchema = withRules(
  z.strictObject({
    minReplicas: boundedCount(1, REPLICAS_MAX).optional().describe('The least demand. Default: 1.'),
    maxReplicas: boundedCount(1, REPLICAS_MAX).describe('The most demand.'),
    metrics: z
      .array(scaleMetric)
      .min(1)
      .max(SCALE_METRICS_MAX)
      .meta({ 'x-kubernetes-list-type': 'atomic' })
      .describe('What load is. Demand is the most that any of them asks for.'),
    behavior: z
      .strictObject({
        scaleUp: z
          .strictObject({
            tolerance: tolerance
              .optional()
              .describe('Demand stays while load is above it by less than this share. Default: "0.05".'),
          })
          .optional(),
        scaleDown: z
          .strictObject({
            stabilizationWindowSeconds: stabilization
              .optional()
              .describe('Demand is not lowered below the most that load asked for within this time. Default: 300.'),
            tolerance: tolerance
              .optional()
              .describe('Demand stays while load is below it by less than this share. Default: "0.1".'),
          })
          .optional(),
      })
      .optional()
      .describe('How quickly demand follows.'),
    fallback: z
      .strictObject({
        failureThreshold: boundedCount(1, 1_000).describe('Reads in a row without a valid value of some metric.'),
        replicas: boundedCount(1, REPLICAS_MAX).describe(
          'Demand is at least this from then on, until load is known again.',
        ),
      })
      .optional()
      .describe('What demand is at least while load is not known. Default: what it was.'),
  }),
  [
    {
      cel: '!has(self.minReplicas) || self.minReplicas <= self.maxReplicas',
      holds: ({ minReplicas = 1, maxReplicas }) => minReplicas <= maxReplicas,
      at: ['minReplicas'],
      message: 'minReplicas must not be above maxReplicas: lower it, or raise maxReplicas',
    },
    {
      cel: '!has(self.fallback) || self.fallback.replicas <= self.maxReplicas',
      holds: ({ fallback, maxReplicas }) => (fallback?.replicas ?? 0) <= maxReplicas,
      at: ['fallback'],
      message: 'fallback.replicas must not be above maxReplicas: lower it, or raise maxReplicas',
    },
  ],
);

/** How demand follows load, as a person declares it. */
export type Scale = ValueOf<typeof scaleSchema>;
/** One kind of load, and how much of it one pod is to carry. */
export type ScaleMetric = Scale['metrics'][number];

/** The least demand that a station with this `scale` has. */
export function leastReplicas({ minReplicas = 1 }: Pick<Scale, 'minReplicas'>): number {
  return minReplicas;
}

/** The demand nearest to this one within the bounds of a `scale`; without one, the same. */
export function withinBounds(demand: number, scale: Scale | undefined): number {
  if (scale === undefined) return demand;
  return Math.max(Math.min(demand, scale.maxReplicas), leastReplicas(scale));
}

/** How demand follows load, in numbers and with every default: shares of demand, and ms. */
export interface Behavior {
  readonly upTolerance: number;
  readonly downTolerance: number;
  readonly windowMs: number;
}

/** The behaviour that a `scale` declares, completed: 5 % up, 10 % down, 300 s. */
export function behaviorOf({ behavior: { scaleUp, scaleDown } = {} }: Pick<Scale, 'behavior'>): Behavior {
  return {
    upTolerance: quantityOf(scaleUp?.tolerance ?? '0.05'),
    downTolerance: quantityOf(scaleDown?.tolerance ?? '0.1'),
    windowMs: (scaleDown?.stabilizationWindowSeconds ?? 300) * 1000,
  };
}
