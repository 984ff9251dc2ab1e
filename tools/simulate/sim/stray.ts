import type { World } from './world.ts';

/** Uids of pods that the scheduler, before it had heard, sends to a node that is lost or gone; filled as it happens. */
export function strayPods({ server, agenda }: World): ReadonlySet<string> {
  const stray = new Set<string>();
  server.watch(({ kind, object }) => {
    const isBound = kind === 'pod' && object.boundMs === agenda.nowMs;
    if (isBound && server.get('node', object.node ?? '')?.ready !== 'True') stray.add(object.uid);
  });
  return stray;
}
