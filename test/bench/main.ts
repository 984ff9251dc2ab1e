import { Command } from 'commander';
import { basics } from './basics.ts';

await new Command('bench')
  .description('Measure the operator on a local control plane.')
  .addCommand(
    new Command('basics')
      .description('reaction to a Kitchen, memory with 300 stations, writes at steady state (about 4 minutes)')
      .action(basics),
  )
  .parseAsync();
