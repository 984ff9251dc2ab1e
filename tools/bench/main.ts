import { Command, InvalidArgumentError } from 'commander';
import { basics } from './basics.ts';
import { recovery } from './recovery/recovery.ts';
import type { RecoveryOptions } from './recovery/recovery.ts';
import { big } from './big/big.ts';
import type { BigOptions } from './big/big.ts';
import { caseNames } from './choosing/cases.ts';
import { choosing } from './choosing/choosing.ts';
import type { ChoosingOptions } from './choosing/choosing.ts';
import { policyNames } from './choosing/policies.ts';
import { scale } from './scale/scale.ts';
import type { ScaleOptions } from './scale/scale.ts';
import { shiftBench } from './shift/shift.ts';
import type { ShiftBenchOptions } from './shift/shift.ts';
import { faultNames } from './traffic/faults.ts';
import { traffic } from './traffic/traffic.ts';
import type { TrafficOptions } from './traffic/traffic.ts';
import { wayNames } from './traffic/ways/names.ts';

const ended = new AbortController();
const scaleHelp = `
Lists of equal length are read in pairs: --kitchens 100,300 --namespaces 1,30 is 100 in 1 and 300 in 30 namespaces.
One value goes with every value of the other list: --kitchens 300 --namespaces 1,30 is 300 in 1 and 300 in 30.

A run takes three minutes at 100 Kitchens, each in a cluster of its own: the floor, the older commit and now with
--suspect-after 0, counted from the first node that Kubernetes calls lost; then now with its default flags, counted
from the death. Up to 100 Kitchens, now and the older commit have one run more each, in which nothing happens for a
minute and then 200 pods are deleted (--only-zone leaves it out).`;
const trafficHelp = `
Faults: ${faultNames.join(', ')}.
Ways: ${wayNames.join(', ')}.

All is on loopback, with real processes. A run takes some 5 s more than its requests. Each is in a network of its own where
that can be made (root, unshare, ip, iptables): packets are dropped only there, and black holes are left out elsewhere.`;

await new Command('bench')
  .description('Measure the operator on a local control plane.')
  .addCommand(
    new Command('basics')
      .description('reaction to a Kitchen, memory with 300 stations, writes at steady state (about 4 minutes)')
      .action(basics),
  )
  .addCommand(
    new Command('recovery')
      .description(
        'losses, drains and returns beside plain Deployments, at Kubernetes’ default timings (about 20 minutes)',
      )
      .option('--only <names...>', 'these scenarios only')
      .option('--side-by-side <number>', 'how many at once, each in a cluster of its own', count, 2)
      .option('--grace <seconds>', 'silence after which a node counts as lost', count, 50)
      .option('--toleration <seconds>', 'how long Kubernetes leaves pods on a lost node', count, 300)
      .option('--limit <seconds>', 'who is still short then is told so', count, 480)
      .option('--json <file>', 'write all figures and curves')
      .option('--save', 'write docs/recovery.json and docs/recovery.svg')
      .action((options: RecoveryOptions) => untilEnded((signal) => recovery(options, signal))),
  )
  .addCommand(
    new Command('scale')
      .description('a zone dies under hundreds of Kitchens of 3 stations: now, beside the floor and an older commit')
      .option('--kitchens <numbers>', 'how many, one after another', counts, [100, 300])
      .option('--namespaces <numbers>', 'over how many namespaces they are spread', counts, [1])
      .option('--floor', 'also without operator: one patch for each Deployment that has to grow')
      .option('--against <commit>', 'also an older commit, below 1000 Kitchens')
      .option('--runs <number>', 'how often; medians are printed', count, 1)
      .option(
        '--limit <seconds>',
        'from the death until all must be whole (default: 120 and 1 for each Kitchen)',
        count,
      )
      .option('--only-zone', 'without the runs in which nothing dies but single pods')
      .option('--json <file>', 'write each run as soon as it ends; go on with what is in the file')
      .option('--markdown', 'print tables for a page')
      .option('--save', 'write docs/scale.json and docs/scale.svg')
      .option('--workers <number>', 'stations that the operator looks at side by side', count)
      .option('--profile <folder>', 'write CPU profiles of the operator')
      .addHelpText('after', scaleHelp)
      .action((options: ScaleOptions) => untilEnded((signal) => scale(options, signal))),
  )
  .addCommand(
    new Command('big')
      .description(
        'clusters of up to 5,000 nodes in a simulated API server: start, memory, a look, the death of a zone',
      )
      .option('--nodes <numbers>', 'how many, one cluster after another', counts, [500, 1500, 5000])
      .option('--pods-per-node <number>', 'pods of Kitchens on each node', count, 20)
      .option('--against <folder>', 'also the operator of another checkout')
      .option('--limit <seconds>', 'a part that takes longer is given up', count, 900)
      .option('--json <file>', 'write the figures')
      .action((options: BigOptions) => untilEnded((signal) => big(options, signal))),
  )
  .addCommand(
    new Command('traffic')
      .description('requests that fail when pods die: behind the hub, plain Services and other proxies (15 minutes)')
      .option('--faults <names>', 'these only, with commas between', among(faultNames))
      .option('--who <names>', 'these ways only, with commas between', among(wayNames))
      .option('--rate <number>', 'requests a second', count, 300)
      .option('--seconds <number>', 'how long they are sent, in each run', count, 15)
      .option('--answer-ms <number>', 'how long a pod takes to answer', count, 3)
      .option('--runs <number>', 'how often; failures are added up', count, 1)
      .option('--json <file>', 'write each run as soon as it ends; go on with what is in the file')
      .option('--markdown', 'print tables for a page')
      .option('--save', 'write docs/traffic.json and docs/traffic.svg')
      .addHelpText('after', trafficHelp)
      .action((options: TrafficOptions) => untilEnded((signal) => traffic(options, signal))),
  )
  .addCommand(
    new Command('choosing')
      .description(
        'where requests go under load, and how long they take: the hub beside other ways to choose (half an hour)',
      )
      .option('--cases <names>', 'these only, with commas between', among(caseNames))
      .option('--who <names>', 'these ways to choose only, with commas between', among(policyNames))
      .option('--hubs <numbers>', 'hubs in each zone, one run after another', counts, [1])
      .option('--why', 'say each second where the hubs of each zone send, and why')
      .option('--json <file>', 'write each run as soon as it ends; go on with what is in the file')
      .option('--markdown', 'print tables for a page')
      .option('--save', 'write docs/choosing.json and docs/choosing.svg')
      .addHelpText('after', `\nCases: ${caseNames.join(', ')}.\nWays to choose: ${policyNames.join(', ')}.`)
      .action((options: ChoosingOptions) => untilEnded((signal) => choosing(options, signal))),
  )
  .addCommand(
    new Command('shift')
      .description('a zone that is ten times as slow: requests before, while it is shifted, and after (1 minute)')
      .option('--rate <number>', 'requests a second', count, 300)
      .option('--seconds <number>', 'how long they are sent, in each phase', count, 10)
      .option('--answer-ms <number>', 'how long a pod takes to answer', count, 10)
      .option('--json <file>', 'write the figures')
      .option('--markdown', 'print a table for a page')
      .action((options: ShiftBenchOptions) => untilEnded((signal) => shiftBench(options, signal))),
  )
  .parseAsync();

/** On Ctrl-C, ends the benchmark in order, so that it leaves no process and no file behind. */
async function untilEnded(bench: (signal: AbortSignal) => Promise<void>): Promise<void> {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      console.error('ending; nothing will be left of it');
      ended.abort();
    });
  }
  try {
    await bench(ended.signal);
  } catch (error) {
    if (!ended.signal.aborted) console.error(error instanceof Error ? error.message : error);
    process.exitCode = ended.signal.aborted ? 130 : 1;
  }
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('it is a whole number from 1 on.');
}

function counts(text: string): readonly number[] {
  return text.split(',').map(count);
}

/** Reads names with commas between, all of them out of these. */
function among<Name extends string>(known: readonly Name[]): (text: string) => readonly Name[] {
  return (text) =>
    text.split(',').map((word) => {
      const name = known.find((each) => each === word);
      if (name === undefined) throw new InvalidArgumentError(`${word} is none of ${known.join(', ')}.`);
      return name;
    });
}
