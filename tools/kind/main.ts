import { Command } from 'commander';
import { images } from '../image/images.ts';
import type { ImageName } from '../image/images.ts';
import { RunError } from '../image/run.ts';
import { defaultConfig, defaultName, down, install, load, needed, up } from './kind.ts';

interface Name {
  readonly name: string;
}

const program = new Command('kind').description(
  'A kind cluster with zones and the operator in it. Prints each command it runs: docker, kind, helm and kubectl can be used instead.',
);

command('up', 'make the cluster: one control plane, two nodes in each of three zones')
  .option('--config <file>', 'kind’s configuration', defaultConfig)
  .option(
    '--image <image>',
    'the nodes’ image; or KITCHEN_NODE_IMAGE; kind’s own unless given',
    process.env.KITCHEN_NODE_IMAGE,
  )
  .action((options: Name & { readonly config: string; readonly image?: string }) => up(options));

command('load', 'build the images and put them on every node')
  .argument('[images...]', `which: ${Object.keys(images).join(', ')}; those that are needed if none is named`)
  .action((chosen: readonly ImageName[], { name }: Name) => load(name, chosen.length > 0 ? chosen : needed));

command('install', 'load the images and install the operator with helm, or upgrade it')
  .option('--set <values...>', 'values of the chart')
  .option('--no-load', 'the images are on the nodes already')
  .action(async ({ name, set, load: loads }: Name & { readonly set?: readonly string[]; readonly load: boolean }) => {
    if (loads) await load(name, needed);
    await install(name, set);
  });

command('down', 'delete the cluster').action(({ name }: Name) => down(name));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  console.error(`kind: ${error.message}`);
  process.exitCode = 1;
}

function command(name: string, description: string): Command {
  return program.command(name).description(description).option('--name <name>', 'which cluster', defaultName);
}
