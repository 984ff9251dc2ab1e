import type { WatchEvent } from './client.ts';
import { ApiError } from './errors.ts';
import { lines } from './lines.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { errorFromStatus, isStatus } from './status.ts';
import type { Stream } from './transport.ts';

export interface WatchReading {
  readonly doing: string;
  readonly idleMs: number;
  readonly open: () => Promise<Stream>;
}

/** Reads events until the server ends the watch. Fails on an error event, a broken stream, or too long a silence. */
export async function* readWatch<T extends KubeObject>(reading: WatchReading): AsyncGenerator<WatchEvent<T>> {
  const stream = await reading.open();
  const missing = 'no event and no bookmark';
  stream.deadline.allow(reading.idleMs, missing);
  try {
    for await (const line of lines(stream.body)) {
      stream.deadline.allow(reading.idleMs, missing);
      yield eventIn<T>(line, reading.doing);
    }
  } catch (error) {
    throw stream.wrap(error);
  } finally {
    stream.close();
  }
}

interface RawEvent {
  readonly type: string;
  readonly object?: KubeObject;
}

function eventIn<T extends KubeObject>(line: string, doing: string): WatchEvent<T> {
  const { type, object } = JSON.parse(line) as RawEvent;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      if (object?.metadata === undefined) throw new TypeError(`a watch event without an object: ${line.slice(0, 200)}`);
      return { type, object: object as T };
    case 'BOOKMARK':
      return { type, resourceVersion: object?.metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw isStatus(object)
        ? errorFromStatus(doing, object)
        : new ApiError({ code: 'malformed', doing, why: `an error without a status: ${line.slice(0, 200)}` });
    default:
      throw new TypeError(`a watch event of type ${type}`);
  }
}
