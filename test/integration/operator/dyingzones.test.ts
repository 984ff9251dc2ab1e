import assert from 'node:assert/strict';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { nodes } from '../../../operator/api/kubernetes/resource.ts';
import { isReady } from '../../../tools/cluster/nodes.ts';
import type { NodeObject } from '../../../tools/cluster/nodes.ts';
import type { SeenPod } from './census.ts';
import { aKitchen, aStation, goodImage } from './kitchens.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

/*
 * Kubernetes' node controller looks at nodes with eight workers, and each tells all pods of a lost node before it looks at
 * another. At three writes a second it needs half a minute for eight nodes with a dozen pods each.
 */

const QPS = 3;
const NODES = 18;
const PODS_EACH = 12;
const grill = 'pizzeria-grill';
const dead = 'zone-c';

/** Pods of other people, which Kubernetes has to tell too. */
async function fill(stage: Stage, node: string): Promise<void> {
  const tolerations = [{ operator: 'Exists' }];
  const containers = [{ name: 'main', image: goodImage }];
  for (let index = 0; index < PODS_EACH; index += 1)
    await stage.cluster.api.call('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: `other-${node}-${index}` },
      spec: { nodeName: node, containers, tolerations },
    });
}

const suspicions = [
  ['25s', 'sees it dead by its Leases, all at once'],
  ['120s', 'hears of its first nodes from Kubernetes, and of the others by their Leases'],
] as const;

for (const [suspectAfter, words] of suspicions) {
  describe(`a zone that dies under a slow node controller, while the operator ${words}`, function () {
    this.timeout(900_000);
    let stage: Stage;

    before(async () => {
      stage = await openStage({
        nodes: 2,
        graceSeconds: 50,
        patienceMs: 400_000,
        values: [`suspectAfter=${suspectAfter}`],
        managerFlags: [`--kube-api-qps=${QPS}`, `--kube-api-burst=${QPS}`],
      });
      for (let count = 2; count < NODES; count += 1) await stage.cluster.addNode(dead);
      await stage.operator();
      // No zone's loss is declared, so every lost pod has to be made.
      await stage.apply(aKitchen('pizzeria', { survive: { pods: 4 }, stations: [aStation({ replicas: 24 })] }));
      await stage.settled('pizzeria');
      for (let index = 1; index <= NODES; index += 1) await fill(stage, `${dead}-${index}`);
    });
    after(() => stage?.[Symbol.asyncDispose]());

    const lost = async (): Promise<number> => {
      const all = await stage.client.list<NodeObject & KubeObject>({ resource: nodes });
      return all.items.filter((node) => node.metadata.name.startsWith(dead) && !isReady(node)).length;
    };
    const elsewhere = ({ node }: SeenPod): boolean => node !== '' && !node.startsWith(dead);

    it('sends no pod there, and makes all of them in other zones', async () => {
      const watching = stage.census.begin(grill);
      const there = stage.census.running(grill).filter((pod) => !elsewhere(pod)).length;
      assert.ok(there >= 8, `${there} pods`);
      await stage.cluster.kill('zone', dead);
      const waves: number[] = [];
      await stage.until('Kubernetes calls all of its nodes lost, in waves', async () => {
        const now = await lost();
        if (now > (waves.at(-1) ?? 0)) waves.push(now);
        assert.equal(now, NODES, `${waves.join(', ')} lost`);
      });
      assert.ok(
        waves.some((count) => count < NODES),
        'the node controller was not slow',
      );
      await stage.until('all pods are made', () => {
        const running = stage.census.running(grill).filter(elsewhere).length;
        assert.ok(running >= 28, `${running} pods run`);
      });
      assert.equal(
        watching.made((pod) => !elsewhere(pod)),
        0,
        `${dead} was told ${watching.told(dead).join(', ')}`,
      );
      assert.equal(
        watching.told(dead).every((pods) => pods <= there),
        true,
        watching.told(dead).join(', '),
      );
    });
  });
}
