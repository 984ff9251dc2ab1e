import assert from 'node:assert/strict';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { podDisruptionBudgets } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import { neverBelow } from './drained.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

/** Six pods in three zones of two nodes: one a node. */
const pizzeria = aKitchen('pizzeria', { stations: [aStation({ replicas: 5 })] });
/** Four pods on two nodes: a drain takes two at once, one more than is spare. */
const corner = aKitchen('corner', { zones: ['zone-a'], stations: [aStation({ name: 'counter', replicas: 3 })] });
/** Not one pod more than demand: four on two nodes. */
const lean = aKitchen('lean', {
  zones: ['zone-b'],
  survive: { pods: 0 },
  stations: [aStation({ name: 'bar', replicas: 4 })],
});

describe('a drain', function () {
  this.timeout(900_000);
  let stage: Stage;
  let operator: OperatorProcess;

  before(async () => {
    stage = await openStage();
    operator = await stage.operator();
    await stage.apply(pizzeria, corner, lean);
    for (const name of ['pizzeria', 'corner', 'lean']) await stage.settled(name);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const drain = (node: string): Promise<string> =>
    stage.kubectl('drain', node, '--ignore-daemonsets', '--timeout=150s');

  /** Pods of a station that serve on a node. */
  const on = (node: string, station: string): number =>
    stage.census.running(station).filter((pod) => pod.node === node).length;

  it('finishes without going below demand, and makes each pod once', async () => {
    assert.deepEqual([on('zone-a-1', 'corner-counter'), on('zone-a-1', 'pizzeria-grill')], [2, 1]);
    const counter = stage.census.begin('corner-counter');
    const grill = stage.census.begin('pizzeria-grill');
    await drain('zone-a-1');
    for (const name of ['pizzeria', 'corner']) await stage.settled(name);
    assert.deepEqual([on('zone-a-1', 'corner-counter'), on('zone-a-1', 'pizzeria-grill')], [0, 0]);
    neverBelow(3, counter.least());
    neverBelow(5, grill.least());
    assert.deepEqual([counter.made(), grill.made()], [2, 1]);
    await stage.kubectl('uncordon', 'zone-a-1');
  });

  it('finishes where nothing is spare, since the operator grows first', async () => {
    const { status } = await stage.get<Station & KubeObject>(stations, 'lean-bar');
    assert.match(holds({ status }, 'DrainNeedsOperator', { status: 'True' }), /survive\.pods 1/);
    assert.equal(on('zone-b-1', 'lean-bar'), 2);
    const watching = stage.census.begin('lean-bar');
    await drain('zone-b-1');
    await stage.settled('lean');
    assert.equal(on('zone-b-1', 'lean-bar'), 0);
    neverBelow(4, watching.least());
    assert.equal(watching.made(), 2);
    await stage.kubectl('uncordon', 'zone-b-1');
  });

  it('finishes while the operator is down, without going below demand', async () => {
    await operator.stop('SIGKILL');
    await stage.until(
      'the budgets allow a disruption, which autoscalers ask for before they touch a node',
      async () => {
        interface Budget extends KubeObject {
          readonly status: { readonly disruptionsAllowed: number };
        }
        for (const name of ['corner-counter', 'pizzeria-grill']) {
          const { status } = await stage.get<Budget>(podDisruptionBudgets, name);
          assert.ok(status.disruptionsAllowed >= 1, `${name} allows ${status.disruptionsAllowed}`);
        }
      },
    );
    const counter = stage.census.begin('corner-counter');
    const grill = stage.census.begin('pizzeria-grill');
    assert.ok(on('zone-a-2', 'corner-counter') >= 2);
    await drain('zone-a-2');
    await stage.until('all pods run elsewhere', () => {
      assert.equal(on('zone-a-2', 'corner-counter'), 0);
      assert.equal(stage.census.running('corner-counter').length, 4);
      assert.equal(stage.census.running('pizzeria-grill').length, 6);
    });
    neverBelow(3, counter.least());
    neverBelow(5, grill.least());
  });
});
