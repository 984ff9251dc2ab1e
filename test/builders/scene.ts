import type { Scene } from '../../tools/demo/scene.ts';

/** Half a minute after a node died, the Kitchen short of its full number and the plain Deployment of what it promised. */
export function aScene(over: Partial<Scene> = {}): Scene {
  const reading = { least: 5, wholeAfterMs: undefined, elapsedMs: 30_000 };
  return {
    title: '3 of 4: a node dies',
    story: 'zone-a-1 loses its power.',
    elapsedMs: 30_000,
    counts: [
      {
        name: 'grill of the Kitchen',
        measured: { service: 'grill', demand: 6, full: 9 },
        reading: { ...reading, now: 8, least: 7 },
      },
      { name: 'plain Deployment', measured: { service: 'plain', demand: 6, full: 6 }, reading: { ...reading, now: 5 } },
    ],
    ...over,
  };
}
