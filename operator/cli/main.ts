#!/usr/bin/env node
import { styleText } from 'node:util';
import { Command } from 'commander';
import { systemClock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { loadConfig } from '../kube/config.ts';
import { connect } from '../kube/connect.ts';
import { bypassHubs, endBypass } from './bypass.ts';
import { planKitchenFile } from './planFile.ts';
import { planText } from './planText.ts';
import { readKitchens } from './readKitchens.ts';
import { askRestart } from './restart.ts';
import { endOf, endShift, shiftZone } from './shift.ts';
import { stationNamed } from './stationNamed.ts';
import { whyText } from './why.ts';

interface Options {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** A connection for one command, and the namespace that it is about. */
interface Connection {
  readonly client: Client;
  readonly namespace: string;
}

const program = new Command('kubectl-kitchen')
  .description(
    'Ask why a station is in its present state, what a Kitchen would do, for new pods, for requests to leave a zone, or for a way past the hubs.',
  )
  .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG or ~/.kube/config')
  .option('--context <name>', 'context of the kubeconfig')
  .option('-n, --namespace <name>', 'namespace; default: that of the context')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

program
  .command('why <station>')
  .description('what holds, what is waited for, what was decided lately and why')
  .action((name: string) =>
    connected(async ({ client, namespace }) => console.log(whyText(await stationNamed(client, namespace, name)))),
  );

program
  .command('plan')
  .description('pods, placement and price of a Kitchen on this cluster, before anything is applied')
  .requiredOption('-f, --filename <file>', 'a Kitchen as YAML or JSON; - for standard input')
  .action(({ filename }: { readonly filename: string }) =>
    connected(async ({ client, namespace }) => {
      for (const kitchen of await readKitchens(filename)) {
        const where = program.opts<Options>().namespace ?? kitchen.metadata.namespace ?? namespace;
        const planned = await planKitchenFile(kitchen, client, where);
        console.log(planText(kitchen, where, planned));
        if (planned.some(({ refused }) => refused !== undefined)) process.exitCode = 1;
      }
    }),
  );

program
  .command('restart <station>')
  .description('new pods, zone by zone, never below demand')
  .action((name: string) =>
    connected(async ({ client, namespace }) => {
      const { metadata } = await stationNamed(client, namespace, name);
      await askRestart(client, { namespace, name: metadata.name }, systemClock.now().toISOString());
      console.log(
        `station.kitchen.dev/${metadata.name} restarts zone by zone; kubectl kitchen why ${metadata.name} tells how far it is`,
      );
    }),
  );

interface ShiftOptions {
  readonly for?: string;
  readonly off?: true;
  readonly kitchen?: string;
  readonly selector?: string;
  readonly allNamespaces?: true;
  readonly reason?: string;
}

program
  .command('shift <zone>')
  .description('have requests leave a zone for a time, and count it as lost; it ends by itself')
  .option('--for <duration>', 'how long, from now: 30m, 1h; at most 168h')
  .option('--off', 'end it now')
  .option('--kitchen <name>', 'in this Kitchen alone; default: in every Kitchen of the namespace')
  .option('-l, --selector <labels>', 'in Kitchens with these labels')
  .option('-A, --all-namespaces', 'in every namespace; takes the right to list and patch Kitchens in all of them')
  .option('--reason <text>', 'why, for those who read the Kitchen')
  .action((zone: string, { kitchen, selector, reason, off, ...options }: ShiftOptions) =>
    connected(async ({ client, namespace }) => {
      const duration = options.for;
      if ((duration === undefined) === (off === undefined)) {
        throw new Error('give --for with a duration, such as --for 1h, or --off to end the shift');
      }
      const shifting = {
        client,
        namespace: options.allNamespaces === true ? undefined : namespace,
        kitchen,
        labelSelector: selector,
        say: (line: string): void => console.log(line),
      };
      if (duration === undefined) return endShift(shifting, zone);
      const until = endOf(duration, systemClock.now());
      await shiftZone(shifting, { zone, until, ...(reason === undefined ? {} : { reason }) });
    }),
  );

program
  .command('bypass')
  .description('lead all Services to their pods, past the hubs, with or without a running operator; --off ends it')
  .option('--all', 'every Service; with --namespace, those of other namespaces are left to the operator')
  .option('--off', 'let Services lead to the hubs again')
  .option('--hub-namespace <name>', 'where the hubs run; default: every namespace with a DaemonSet kitchen-hub')
  .action(({ all, off, hubNamespace }: { readonly all?: true; readonly off?: true; readonly hubNamespace?: string }) =>
    connected(async ({ client }) => {
      if ((all === undefined) === (off === undefined)) {
        throw new Error('give --all to lead every Service past the hubs, or --off to end that');
      }
      const say = (line: string): void => console.log(line);
      const { namespace } = program.opts<Options>();
      const options = { client, clock: systemClock, namespace, hubNamespace, say };
      await (off === true ? endBypass(options) : bypassHubs(options));
    }),
  );

// The reader has read enough, like `head`: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
await program.parseAsync();

async function connected(act: (connection: Connection) => Promise<void>): Promise<void> {
  const options = program.opts<Options>();
  let client: Client | undefined;
  try {
    const config = loadConfig({ ...options, clock: systemClock });
    client = connect({ config, clock: systemClock, userAgent: 'kubectl-kitchen' });
    await act({ client, namespace: options.namespace ?? config.namespace ?? 'default' });
  } catch (error) {
    console.error(`${styleText('red', 'error:')} ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await client?.close();
  }
}
