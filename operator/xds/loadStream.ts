import { create } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import { messageNamed } from '../envoy/protos.ts';
import type { BackendReport, ZoneReport } from '../traffic/report.ts';

/** The parts of a `LoadStatsRequest` that are read. */
export interface LoadRequest extends Message {
  readonly node?: { readonly id: string };
  readonly clusterStats: readonly ClusterStats[];
}

interface ClusterStats {
  readonly clusterName: string;
  readonly loadReportInterval?: { readonly seconds: bigint; readonly nanos: number };
  readonly upstreamLocalityStats: readonly LocalityStats[];
}

interface LocalityStats {
  readonly locality?: { readonly zone: string };
  readonly totalIssuedRequests: bigint;
  readonly totalSuccessfulRequests: bigint;
  readonly totalErrorRequests: bigint;
  readonly totalRequestsInProgress: bigint;
}

export interface LoadStreamOptions {
  /** How often the Envoy is to tell, in milliseconds. It is asked again when that has changed. */
  readonly everyMs: () => number;
  /**
   * Called with all that an Envoy tells at once, and with its own name for itself, which tells it from the other of its
   * pod.
   */
  readonly onReports: (envoy: string, reports: readonly BackendReport[]) => void;
}

/**
 * One stream of load reports: asks the Envoy to tell of all clusters, and hands on what it tells. Clusters and zones that
 * nothing was sent to are not in its reports.
 *
 * Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/service/load_stats/v3/lrs.proto
 */
export async function* loadStream(
  requests: AsyncIterable<LoadRequest>,
  { everyMs, onReports }: LoadStreamOptions,
): AsyncGenerator<Message> {
  let askedMs: number | undefined;
  let envoy = '';
  for await (const { node, clusterStats } of requests) {
    // It says who it is once.
    envoy = node?.id ?? envoy;
    // The first is a request, and no report.
    if (askedMs !== undefined) onReports(envoy, clusterStats.map(reportIn));
    const wantedMs = everyMs();
    if (wantedMs !== askedMs) yield askFor(wantedMs);
    askedMs = wantedMs;
  }
}

function askFor(everyMs: number): Message {
  return create(messageNamed('envoy.service.load_stats.v3.LoadStatsResponse'), {
    sendAllClusters: true,
    loadReportingInterval: { seconds: BigInt(Math.floor(everyMs / 1000)), nanos: (everyMs % 1000) * 1_000_000 },
  });
}

function reportIn({ clusterName, loadReportInterval, upstreamLocalityStats }: ClusterStats): BackendReport {
  const { seconds = 0n, nanos = 0 } = loadReportInterval ?? {};
  const zones = Map.groupBy(upstreamLocalityStats, ({ locality }) => locality?.zone ?? '');
  return {
    backend: clusterName,
    overS: Number(seconds) + nanos / 1e9,
    zones: [...zones].map(([zone, all]) => zoneReport(zone, all)),
  };
}

/** All localities of one zone: Envoy keeps one for each priority. */
function zoneReport(zone: string, all: readonly LocalityStats[]): ZoneReport {
  const sum = (pick: (stats: LocalityStats) => bigint): number =>
    Number(all.reduce((total, stats) => total + pick(stats), 0n));
  return {
    zone,
    issued: sum((stats) => stats.totalIssuedRequests),
    done: sum((stats) => stats.totalSuccessfulRequests + stats.totalErrorRequests),
    failed: sum((stats) => stats.totalErrorRequests),
    inFlight: sum((stats) => stats.totalRequestsInProgress),
  };
}
