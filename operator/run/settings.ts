import { Command, InvalidArgumentError, Option } from 'commander';
import { durationMs } from '../api/duration.ts';
import { signsWith } from '../observe/nodes/leavingSigns.ts';
import type { LeavingSigns } from '../observe/nodes/leavingSigns.ts';
import { FORGET_ZONE_AFTER_MS } from '../observe/moment.ts';
import type { LabelSelector } from '../observe/objects.ts';
import { parseSelector } from '../observe/parseSelector.ts';
import type { PortRange } from '../hub/ports.ts';
import { operatorName } from './lead.ts';
import { logFormats, logLevels, usualLogFormat } from '../report/log.ts';
import type { LogFormat, LogLevel } from '../report/log.ts';
import { parseAddress } from '../serve/address.ts';
import type { Address } from '../serve/address.ts';

/** Everything that flags decide. */
export interface Settings {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Namespaces whose Kitchens are served; empty: all. Nodes are always those of the cluster. */
  readonly namespaces: readonly string[];
  /** Only Kitchens in namespaces with matching labels are served; undefined: in all, or in `namespaces`. */
  readonly namespaceSelector: LabelSelector | undefined;
  readonly leaderElect: boolean;
  /** The namespace of the Lease; undefined: that of the pod or of the context. */
  readonly leaderElectionNamespace: string | undefined;
  /** The name of the Lease. Operators that serve different namespaces need one each. */
  readonly leaderElectionName: string;
  /** Where probes and metrics are served; undefined: nowhere. */
  readonly listen: Address | undefined;
  /** How many stations are looked at in parallel. */
  readonly workers: number;
  /** A node is suspect when its Lease is not renewed for this long while others are; undefined: never. */
  readonly suspectAfterMs: number | undefined;
  /** How long a zone whose nodes vanished is still known, as a lost one. */
  readonly forgetZoneAfterMs: number;
  /** The taints and conditions that announce a node's end. */
  readonly leavingSigns: LeavingSigns;
  /** Where hubs ask for what to serve, and the ports that they may listen on; undefined: there are no hubs. */
  readonly hub: { readonly listen: Address; readonly ports: PortRange; readonly anyNode: boolean } | undefined;
  /** Whether the pages of metrics are read that pods serve. */
  readonly scalePodMetrics: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

interface Flags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly leaderElect: boolean;
  readonly leaderElectionNamespace?: string;
  readonly leaderElectionName: string;
  readonly listen: Address | 'off';
  readonly workers: number;
  /** 0: never. */
  readonly suspectAfter: number;
  readonly forgetZoneAfter: number;
  readonly leavingTaint: readonly string[];
  readonly leavingCondition: readonly string[];
  readonly hubListen: Address | 'off';
  readonly hubPorts: PortRange;
  readonly hubAnyNode: boolean;
  readonly scalePodMetrics: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** Kubelets renew their Leases every 10 s: with less than this, one late renewal would look like a loss. */
const SUSPECT_AT_LEAST_MS = 15_000;
/** One renewal missed, and half the time to the next. */
const SUSPECT_AFTER_MS = 25_000;

/** Reads the command line. Like commander, it prints help or what is wrong with a flag, and ends the process. */
export function readSettings(args: readonly string[], output: { readonly isTTY?: boolean }): Settings {
  const read = command(output).parse(args, { from: 'user' });
  const flags = read.opts<Flags>();
  if (
    flags.namespaceSelector !== undefined &&
    flags.leaderElect &&
    read.getOptionValueSource('leaderElectionName') === 'default'
  ) {
    read.error(
      "error: option '--namespace-selector' with '--leader-elect' needs '--leader-election-name': operators for different namespaces that stood for one Lease would not all lead. Give each a name, such as kitchen-operator-a",
    );
  }
  if (flags.hubListen !== 'off' && flags.namespace.length > 1) {
    read.error(
      "error: option '--hub-listen' goes with one '--namespace' at most: hubs serve the whole cluster, or one namespace",
    );
  }
  return {
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    namespaces: [...new Set(flags.namespace)],
    namespaceSelector: flags.namespaceSelector,
    leaderElect: flags.leaderElect,
    leaderElectionNamespace: flags.leaderElectionNamespace,
    leaderElectionName: flags.leaderElectionName,
    listen: flags.listen === 'off' ? undefined : flags.listen,
    workers: flags.workers,
    suspectAfterMs: flags.suspectAfter === 0 ? undefined : flags.suspectAfter,
    forgetZoneAfterMs: flags.forgetZoneAfter,
    leavingSigns: signsWith({ taints: flags.leavingTaint, conditions: flags.leavingCondition }),
    hub:
      flags.hubListen === 'off'
        ? undefined
        : { listen: flags.hubListen, ports: flags.hubPorts, anyNode: flags.hubAnyNode },
    scalePodMetrics: flags.scalePodMetrics,
    logLevel: flags.logLevel,
    logFormat: flags.logFormat,
  };
}

function command(output: { readonly isTTY?: boolean }): Command {
  return new Command('kitchen-operator')
    .description('Keeps the stations of every Kitchen served, whatever breaks.')
    .option('--kubeconfig <file>', 'how to reach the cluster; default: the pod, KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .addOption(
      new Option('--namespace <name>', 'look after the Kitchens of this namespace only; may be repeated')
        .argParser(another)
        .default([], 'all'),
    )
    .addOption(
      new Option(
        '--namespace-selector <selector>',
        'look after the Kitchens of namespaces only whose labels match, such as kitchen.dev/shard=a',
      )
        .argParser(readSelector)
        .conflicts('namespace'),
    )
    .option('--leader-elect', 'stand for election, so that one of several replicas writes', false)
    .option('--leader-election-namespace <name>', 'where the Lease is; default: the namespace of the pod or context')
    .addOption(
      new Option('--leader-election-name <name>', 'name of the Lease; operators for different namespaces need one each')
        .argParser(readLeaseName)
        .default(operatorName),
    )
    .addOption(
      new Option('--listen <address>', 'where to serve probes and metrics, HOST:PORT or :PORT; off: nowhere')
        .argParser(readAddress)
        .default(parseAddress('127.0.0.1:8080'), '127.0.0.1:8080'),
    )
    .addOption(new Option('--workers <number>', 'stations looked at in parallel').argParser(readCount).default(32))
    .addOption(
      new Option(
        '--suspect-after <duration>',
        'replace the pods of a node whose Lease was not renewed for this long; 0: only when Kubernetes calls it lost',
      )
        .argParser(readSuspectAfter)
        .default(SUSPECT_AFTER_MS, '25s'),
    )
    .addOption(
      new Option('--forget-zone-after <duration>', 'how long a zone without nodes counts as one that may come back')
        .argParser(readForgetZoneAfter)
        .default(FORGET_ZONE_AFTER_MS, '6h'),
    )
    .addOption(
      new Option(
        '--leaving-taint <key>',
        'key of a taint that announces the end of a node, beside the known ones of clouds, autoscalers and drains; may be repeated',
      )
        .argParser(another)
        .default([], 'none'),
    )
    .addOption(
      new Option('--leaving-condition <type>', 'type of a node condition that announces its end; may be repeated')
        .argParser(another)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--hub-listen <address>',
        'where hubs ask for what to serve, HOST:PORT or :PORT; off: there are no hubs',
      )
        .argParser(readAddress)
        .default('off'),
    )
    .addOption(
      new Option('--hub-ports <range>', 'ports that hubs may listen on, one for each port of a Service behind them')
        .argParser(readPortRange)
        .default({ first: 20_000, last: 29_999 }, '20000-29999'),
    )
    .option(
      '--hub-any-node',
      'lead Services to hubs also where clients are not led to the hub of their own node',
      false,
    )
    .option('--scale-pod-metrics', 'read the metrics that pods serve, for stations whose demand follows them', false)
    .addOption(new Option('--log-level <level>', 'lowest level that is logged').choices([...logLevels]).default('info'))
    .addOption(
      new Option('--log-format <format>', 'one JSON object a line, or text for people')
        .choices([...logFormats])
        .default(usualLogFormat(output), 'text on a terminal, else json'),
    )
    .allowExcessArguments(false);
}

function another(one: string, before: readonly string[]): readonly string[] {
  return [...before, one];
}

function readAddress(text: string): Address | 'off' {
  if (text === 'off') return text;
  try {
    return parseAddress(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readSelector(text: string): LabelSelector {
  try {
    return parseSelector(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readLeaseName(text: string): string {
  if (text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('it is the name of an object: lower-case letters, digits, "-" and ".", 253 at most.');
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new InvalidArgumentError('it is a whole number from 1 to 256, such as 8.');
}

function readSuspectAfter(text: string): number {
  const ms = text === '0' ? 0 : durationMs(text);
  if (ms !== undefined && (ms === 0 || ms >= SUSPECT_AT_LEAST_MS)) return ms;
  throw new InvalidArgumentError(
    'it is 0 or a duration of at least 15s, such as 25s or 40s: nodes renew their Leases every 10 s.',
  );
}

/** Service meshes use 15000 to 15099 in every pod, and hubs themselves 19000 to 19999. */
const TAKEN: readonly PortRange[] = [
  { first: 15_000, last: 15_099 },
  { first: 19_000, last: 19_999 },
];
/** Above, Linux takes ports for connections that begin in the pod. */
const HIGHEST_PORT = 32_767;

function readPortRange(text: string): PortRange {
  const [first = NaN, last = NaN] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).slice(1).map(Number);
  const isRange = first >= 1_024 && first <= last && last <= HIGHEST_PORT;
  if (isRange && TAKEN.every((taken) => last < taken.first || first > taken.last)) return { first, last };
  throw new InvalidArgumentError(
    'it is a range within 1024 to 32767, such as 20000-29999, without 15000 to 15099, which service meshes use, and 19000 to 19999, which hubs use themselves.',
  );
}

function readForgetZoneAfter(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('it is a duration, such as 6h or 90m.');
}
