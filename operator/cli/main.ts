#!/usr/bin/env node
import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Station } from '../api/station.ts';
import { systemClock } from '../engine/clock.ts';
import type { Client } from '../kube/client.ts';
import { loadConfig } from '../kube/config.ts';
import { connect } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { stations } from '../observe/resources.ts';
import { planKitchenFile, readKitchens } from './planFile.ts';
import { planText } from './planText.ts';
import { askRestart } from './restart.ts';
import { whyText } from './why.ts';

interface Options {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** A connection for one command, and the namespace it is about. */
interface Session {
  readonly client: Client;
  readonly namespace: string;
}

const program = new Command('kubectl-kitchen')
  .description('Ask a Kitchen why it is as it is, what it would do, and for new pods.')
  .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG or ~/.kube/config')
  .option('--context <name>', 'context of the kubeconfig')
  .option('-n, --namespace <name>', 'namespace; default: that of the context')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

program
  .command('why <station>')
  .description('what holds, what is waited for, what was decided lately and why')
  .action((name: string) => inSession(async (session) => console.log(whyText(await stationNamed(session, name)))));

program
  .command('plan')
  .description('pods, placement and price of a Kitchen on this cluster, before anything is applied')
  .requiredOption('-f, --filename <file>', 'a Kitchen as YAML or JSON; - for standard input')
  .action(({ filename }: { readonly filename: string }) =>
    inSession(async ({ client, namespace }) => {
      for (const kitchen of await readKitchens(filename)) {
        const where = program.opts<Options>().namespace ?? kitchen.metadata.namespace ?? namespace;
        console.log(planText(kitchen, where, await planKitchenFile(kitchen, client, where)));
      }
    }),
  );

program
  .command('restart <station>')
  .description('new pods, zone by zone, never below demand')
  .action((name: string) =>
    inSession(async (session) => {
      const { metadata } = await stationNamed(session, name);
      await askRestart(
        session.client,
        { namespace: session.namespace, name: metadata.name },
        systemClock.now().toISOString(),
      );
      console.log(
        `station.kitchen.dev/${metadata.name} restarts zone by zone; kubectl kitchen why ${metadata.name} tells how far it is`,
      );
    }),
  );

await program.parseAsync();

async function inSession(act: (session: Session) => Promise<void>): Promise<void> {
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

/** The Station of that name; also as `station/NAME`, and by its name inside the one Kitchen that has it. */
async function stationNamed({ client, namespace }: Session, given: string): Promise<Station> {
  const name = given.replace(/^(stations?|stn)(\.kitchen\.dev)?\//, '');
  const { items } = await client
    .list<Station & KubeObject>({ resource: stations, namespace })
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'notServed') {
        throw new Error('this cluster knows no Stations: install the operator first (helm, or manifests/install.yaml)');
      }
      throw error;
    });
  const exact = items.find(({ metadata }) => metadata.name === name);
  const meant = exact === undefined ? items.filter(({ spec }) => spec.station === name) : [exact];
  if (meant.length === 1 && meant[0] !== undefined) return meant[0];
  const there = items.map(({ metadata }) => metadata.name).join(', ');
  throw new Error(
    `no single station ${JSON.stringify(name)} in namespace ${namespace}; there are: ${there === '' ? 'none' : there}`,
  );
}
