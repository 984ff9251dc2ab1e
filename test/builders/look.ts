import type { Station } from '../../operator/api/station.ts';
import { aliveLabel } from '../../tools/cluster/components.ts';
import { zoneLabel } from '../../tools/cluster/nodes.ts';
import type { NodeObject } from '../../tools/cluster/nodes.ts';
import type { DemoPod, Look } from '../../tools/demo/look.ts';

/** A node that lives and is Ready, in the zone that its name begins with: `zone-a-1`. */
export function aLookedAtNode(
  name: string,
  over: { readonly alive?: boolean; readonly cordoned?: boolean; readonly ready?: boolean } = {},
): NodeObject {
  const { alive = true, cordoned = false, ready = true } = over;
  return {
    metadata: {
      name,
      labels: {
        [zoneLabel]: name.replace(/-\d+$/, ''),
        ...(alive ? { [aliveLabel]: 'true' } : {}),
      },
    },
    spec: { unschedulable: cordoned },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }] },
  };
}

/** Ready pods of a service, one on each of the nodes named; `plain` is the Deployment beside the Kitchen. */
export function lookedAtPods(
  service: string,
  nodes: readonly string[],
  over: { readonly ready?: boolean } = {},
): readonly DemoPod[] {
  const label = service === 'plain' ? 'app' : 'kitchen.dev/station';
  return nodes.map((nodeName, index) => ({
    metadata: { name: `${service}-${index + 1}`, namespace: 'default', labels: { [label]: service } },
    spec: { nodeName },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: over.ready === false ? 'False' : 'True' }] },
  }));
}

export function aLook(over: Partial<Look> & { readonly stations?: readonly Station[] } = {}): Look {
  return {
    nodes: ['zone-a-1', 'zone-b-1', 'zone-c-1'].map((name) => aLookedAtNode(name)),
    pods: [],
    stations: [],
    ...over,
  };
}
