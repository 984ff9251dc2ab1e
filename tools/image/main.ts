import { Argument, Command, Option } from 'commander';
import { buildImage, images } from './images.ts';
import type { ImageName, Way } from './images.ts';
import { RunError } from './run.ts';

const names = Object.keys(images) as ImageName[];

await new Command('image')
  .description('Build the images: the operator’s, and that of the experiments’ service.')
  .addArgument(new Argument('[names...]', 'which; all if none is named').choices(names))
  .addOption(
    new Option(
      '--way <way>',
      'docker: as the Dockerfile says. here: the programs on this machine, the base from Debian packages',
    )
      .choices(['docker', 'here', 'either'])
      .default('either'),
  )
  .action(async (chosen: readonly ImageName[], { way }: { readonly way: Way }) => {
    try {
      for (const name of chosen.length > 0 ? chosen : names) console.log(await buildImage(name, way));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      console.error(`image: ${error.message}`);
      process.exitCode = 1;
    }
  })
  .parseAsync();
