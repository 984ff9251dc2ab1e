import type { World } from './world.ts';

/** Something that happens to the cluster, or that somebody asks for. */
export type Event =
  | { readonly kind: 'demand'; readonly to: number }
  | { readonly kind: 'template' | 'pause' | 'resume' }
  | { readonly kind: 'killNode' | 'healNode' | 'removeNode' | 'cordon' | 'drain' | 'uncordon'; readonly node: string }
  | { readonly kind: 'killZone' | 'healZone'; readonly zone: string }
  | { readonly kind: 'deletePod'; readonly index: number }
  | { readonly kind: 'stopOperator' | 'startOperator' }
  | { readonly kind: 'crashOperator'; readonly afterWrites: number };

/** Lets the event happen now. */
export function happen(world: World, event: Event): void {
  switch (event.kind) {
    case 'demand':
      return world.setSpec({ replicas: event.to });
    case 'template':
      return world.setTemplate();
    case 'pause':
      return world.pause(true);
    case 'resume':
      return world.pause(false);
    case 'killNode':
      return world.kubelets.kill(event.node);
    case 'healNode':
      return world.kubelets.heal(event.node);
    case 'removeNode':
      world.kubelets.kill(event.node);
      return world.server.remove('node', event.node);
    case 'cordon':
      return world.cordon(event.node);
    case 'drain':
      return world.drain(event.node);
    case 'uncordon':
      return world.uncordon(event.node);
    case 'killZone':
      return world.nodesOf(event.zone).forEach((node) => world.kubelets.kill(node));
    case 'healZone':
      return world.nodesOf(event.zone).forEach((node) => world.kubelets.heal(node));
    case 'deletePod':
      return world.deletePod(event.index);
    case 'stopOperator':
      return world.operator.stop();
    case 'startOperator':
      return world.operator.start();
    case 'crashOperator':
      return world.operator.crashAfter(event.afterWrites);
  }
}
