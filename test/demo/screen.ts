import { createLogUpdate } from 'log-update';
import { decisions, picture } from './picture.ts';
import type { Look } from './look.ts';

/** Where the demo is shown: a live picture on a terminal, plain lines elsewhere. */
export interface Screen extends AsyncDisposable {
  /** A line that stays. */
  say(line: string): void;
  /** The newest look; on a terminal it replaces the last, elsewhere only new decisions are printed. */
  show(seen: Look, title: string): void;
  /** The last words; the picture above them stays. */
  end(text: string): void;
}

/** Opens the screen that fits the stream. */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  return stream.isTTY ? new LiveScreen(stream) : new LineScreen(stream);
}

class LiveScreen implements Screen {
  readonly #update;

  constructor(stream: NodeJS.WriteStream) {
    this.#update = createLogUpdate(stream);
  }

  say(line: string): void {
    this.#update.persist(line);
  }

  show(seen: Look, title: string): void {
    this.#update(picture(seen, title));
  }

  end(text: string): void {
    this.#update.done();
    this.#update.persist(text);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#update.done();
    return Promise.resolve();
  }
}

class LineScreen implements Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #told = new Set<string>();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  say(line: string): void {
    this.#stream.write(`${line}\n`);
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

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
