import { places } from '../layout.ts';
import type { Pod } from '../layout.ts';
import type { Way } from './way.ts';

const zones: readonly string[] = [...new Set(places.map(({ zone }) => zone))];

/** One way for the clients of each zone, alike or not. Connections go to each in turn. */
export async function inEachZone<Own extends Way>(
  pods: readonly Pod[],
  start: (pods: readonly Pod[], zone: string) => Promise<Own>,
): Promise<Way & { readonly ways: readonly Own[] }> {
  await using left = new AsyncDisposableStack();
  const ways: Own[] = [];
  for (const zone of zones) ways.push(left.use(await start(pods, zone)));
  let turn = 0;
  const moved = left.move();
  return {
    ways,
    doors: ways.length,
    next: () => {
      const way = ways[turn++ % ways.length];
      if (way === undefined) throw new Error('there is no zone');
      return way.next();
    },
    check: () => {
      for (const way of ways) way.check();
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}
