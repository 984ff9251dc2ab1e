import type { JsonObject } from '@bufbuild/protobuf';

/**
 * What an Envoy counts for each port of a station. What is not listed does not exist, not even in its memory: otherwise it
 * is 290 series and 56 KiB more for each port.
 */
const ofBackend = [
  'membership_healthy',
  'membership_total',
  'outlier_detection.ejections_active',
  'upstream_cx_connect_fail',
  'upstream_rq_active',
  'upstream_rq_pending_overflow',
  'upstream_rq_per_try_timeout',
  'upstream_rq_retry',
  'upstream_rq_retry_overflow',
  'upstream_rq_retry_success',
  'upstream_rq_time',
  'upstream_rq_total',
  'upstream_rq_xx',
] as const;

const ofListener = ['downstream_cx_active', 'downstream_cx_total'] as const;

const ofEnvoy = [
  'control_plane.connected_state',
  'server.live',
  'server.memory_allocated',
  'server.memory_physical_size',
  'server.uptime',
] as const;

/** The names, as Prometheus has them, of all that an Envoy of a hub tells. */
export const hubSeries: readonly string[] = [
  ...ofBackend.map((stat) => `cluster.${stat}`),
  ...ofListener.map((stat) => `listener.${stat}`),
  ...ofEnvoy,
].map((stat) => `envoy_${stat.replaceAll('.', '_')}`);

/** By default a histogram has 19 bounds, each a series of every station, of every Envoy. */
const TIME_BOUNDS_MS = [5, 25, 100, 250, 500, 1000, 5000, 30_000];

/** Each bound, what is above the last, the sum and the count. */
const SERIES_A_HISTOGRAM = TIME_BOUNDS_MS.length + 3;
const CLASSES_OF_STATUS = 5;

/** The most series that one Envoy has for one port of a station: two of its figures are more than one series. */
export const SERIES_A_PORT = ofBackend.length + ofListener.length - 2 + SERIES_A_HISTOGRAM + CLASSES_OF_STATUS;

/** Namespace, name and port, the parts of what stations are called: `default.pizzeria-grill.80`. */
const [NAMESPACE, SERVICE, PORT] = ['[a-z0-9-]+', '[a-z0-9-]+', '[0-9]+'];
const EITHER = '^(?:cluster|listener)';

/** What a group of brackets takes leaves the name; the group in it is the value. */
const statsTags = [
  { tagName: 'envoy.response_code_class' },
  { tagName: 'namespace', regex: String.raw`${EITHER}\.((${NAMESPACE})\.)${SERVICE}\.${PORT}\.` },
  { tagName: 'service', regex: String.raw`${EITHER}\.${NAMESPACE}\.((${SERVICE})\.)${PORT}\.` },
  { tagName: 'port', regex: String.raw`${EITHER}\.${NAMESPACE}\.${SERVICE}\.((${PORT})\.)` },
];

/** The labels, as Prometheus has them, that tell series of one name apart. */
export const hubLabels: readonly string[] = statsTags.map(({ tagName }) => tagName.replace('.', '_'));

/** How Envoy counts: a fixed number of series for each port of a station, with labels that say whose they are. */
export const statsConfig: JsonObject = {
  useAllDefaultTags: false,
  statsTags,
  statsMatcher: {
    inclusionList: {
      patterns: [
        { safeRegex: { regex: kept('cluster', ofBackend) } },
        { safeRegex: { regex: kept('listener', ofListener) } },
        ...ofEnvoy.map((exact) => ({ exact })),
      ],
    },
  },
  histogramBucketSettings: [{ match: { suffix: '.upstream_rq_time' }, buckets: TIME_BOUNDS_MS }],
};

function kept(root: string, stats: readonly string[]): string {
  const names = stats.map((stat) => stat.replace('.', String.raw`\.`).replace('_xx', '_[1-5]xx'));
  return String.raw`${root}\.${NAMESPACE}\.${SERVICE}\.${PORT}\.(?:${names.join('|')})`;
}
