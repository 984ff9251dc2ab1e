import { createLogUpdate } from 'log-update';
import { clip } from './clip.ts';
import { decisions } from './decisions.ts';
import type { Look } from './look.ts';
import { picture } from './picture.ts';
import type { Room } from './picture.ts';
import type { Recording } from './recording.ts';
import type { Scene } from './scene.ts';

/** Where the demo is shown: a live picture on a terminal, plain lines elsewhere. */
export interface Screen extends Disposable {
  /** A line that stays. */
  say(line: string): void;
  /** The newest look; on a terminal it replaces the last, elsewhere only new decisions are printed. */
  show(seen: Look, scene: Scene): void;
  /** The last words, in place of the picture. */
  end(text: string): void;
}

/** What a screen needs of the stream it writes to. */
export type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'write'>;

/** Opens the screen that fits the stream. */
export function openScreen(output: Output): Screen {
  return output.isTTY ? new LiveScreen(output) : new LineScreen(output);
}

/** Wraps a screen, so that the recording gets its pictures too, in the size of `room`. */
export function recorded(screen: Screen, recording: Recording, room: Room): Screen {
  return {
    say: (line) => screen.say(line),
    show: (seen, scene) => {
      recording.add(picture(seen, scene, room), performance.now());
      screen.show(seen, scene);
    },
    end: (text) => {
      recording.add(text, performance.now());
      screen.end(text);
    },
    [Symbol.dispose]: () => screen[Symbol.dispose](),
  };
}

class LiveScreen implements Screen {
  readonly #output: Output;
  readonly #update;

  constructor(output: Output) {
    this.#output = output;
    this.#update = createLogUpdate(output as NodeJS.WriteStream);
  }

  say(line: string): void {
    const lines = line.split('\n').map((each) => clip(each, this.#room().width));
    this.#update.persist(lines.join('\n'));
  }

  show(seen: Look, scene: Scene): void {
    this.#update(picture(seen, scene, this.#room()));
  }

  end(text: string): void {
    this.say(text);
  }

  [Symbol.dispose](): void {
    this.#update.done();
  }

  /** One line is left for the cursor. */
  #room(): Room {
    return { width: this.#output.columns, height: this.#output.rows - 1 };
  }
}

class LineScreen implements Screen {
  readonly #output: Output;
  readonly #told = new Set<string>();

  constructor(output: Output) {
    this.#output = output;
  }

  say(line: string): void {
    this.#output.write(`${line}\n`);
  }

  show(seen: Look): void {
    for (const line of decisions(seen.stations, Infinity)) {
      if (this.#told.has(line)) continue;
      this.#told.add(line);
      this.say(`  ${line}`);
    }
  }

  end(text: string): void {
    this.say(text);
  }

  [Symbol.dispose](): void {}
}
