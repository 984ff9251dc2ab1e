import { styleText } from 'node:util';
import { commandLine, simulationOf } from './command.ts';
import { tell } from './timeline.ts';
import { WordsError } from './words.ts';

const command = commandLine().action(async () => {
  try {
    await tell(simulationOf(command), (line) => console.log(line));
  } catch (error) {
    if (error instanceof WordsError) command.error(`error: ${error.message}`);
    // A broken promise is what somebody is looking for: its words are enough.
    console.error(styleText('red', error instanceof Error ? error.message : String(error), { stream: process.stderr }));
    process.exitCode = 1;
  }
});
await command.parseAsync();
