import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments, events, podDisruptionBudgets, services } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { release } from '../../../tools/generate/helm.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly affinity: object; readonly topologySpreadConstraints: object[] } };
  };
}
interface Budget extends KubeObject {
  readonly spec: { readonly minAvailable: number; readonly unhealthyPodEvictionPolicy: string };
  readonly status: { readonly disruptionsAllowed: number; readonly currentHealthy: number };
}
interface Service extends KubeObject {
  readonly spec: { readonly selector: object; readonly ports: readonly { readonly port: number }[] };
}
interface Event extends KubeObject {
  readonly note: string;
  readonly reason: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

const pizzeria = aKitchen('pizzeria', {
  survive: { zones: 1 },
  zones: ['zone-a', 'zone-b', 'zone-c'],
  stations: [
    aStation({ name: 'grill', replicas: 6, resources: { requests: { cpu: '100m', memory: '64Mi' } } }),
    aStation({ name: 'till', replicas: 2, ports: [] }),
  ],
});

describe('an operator with the chart’s service account', function () {
  this.timeout(900_000);
  let stage: Stage;
  let operator: OperatorProcess;
  let owner: string | undefined;

  before(async () => {
    stage = await openStage();
    operator = await stage.operator();
    await stage.apply(pizzeria);
    await stage.settled('pizzeria');
    owner = (await stage.get(kitchens, 'pizzeria')).metadata.uid;
  });
  after(() => stage?.[Symbol.asyncDispose]());

  /** All objects of a resource that the Kitchen controls; fails when there are others with our label. */
  async function children<T extends KubeObject>(resource: Parameters<Stage['list']>[0]): Promise<readonly T[]> {
    const all = (await stage.list<T>(resource)).filter(({ metadata }) => metadata.labels?.['kitchen.dev/kitchen']);
    for (const { metadata } of all) {
      const [controller, ...more] = metadata.ownerReferences ?? [];
      assert.deepEqual(more, [], metadata.name);
      assert.deepEqual(
        [controller?.kind, controller?.name, controller?.uid, controller?.controller],
        ['Kitchen', 'pizzeria', owner, true],
      );
    }
    return all.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  }

  it('makes one Deployment a station and zone, with the least pods that survive what is declared', async () => {
    const made = await children<Deployment>(deployments);
    assert.deepEqual(
      made.map(({ metadata, spec }) => [metadata.name, spec.replicas]),
      [
        ['pizzeria-grill-zone-a', 3],
        ['pizzeria-grill-zone-b', 3],
        ['pizzeria-grill-zone-c', 3],
        ['pizzeria-till-zone-a', 1],
        ['pizzeria-till-zone-b', 1],
        ['pizzeria-till-zone-c', 1],
      ],
    );
  });

  it('runs each zone’s pods in that zone, spread over its nodes', () => {
    for (const zone of ['zone-a', 'zone-b', 'zone-c']) {
      const pods = stage.census.running('pizzeria-grill').filter((pod) => pod.zone === zone);
      assert.equal(pods.length, 3, zone);
      assert.deepEqual([...new Set(pods.map((pod) => pod.node))].toSorted(), [`${zone}-1`, `${zone}-2`]);
    }
  });

  it('makes one Service for a station with ports, in front of the pods of all zones', async () => {
    const made = await children<Service>(services);
    assert.deepEqual(
      made.map(({ metadata, spec }) => [metadata.name, spec.selector, spec.ports.map(({ port }) => port)]),
      [['pizzeria-grill', { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' }, [80]]],
    );
  });

  it('makes one budget a station that keeps demand, and lets what is spare go', async () => {
    await stage.until('the budgets allow what is spare', async () => {
      const made = await children<Budget>(podDisruptionBudgets);
      assert.deepEqual(
        made.map(({ metadata, spec, status }) => [
          metadata.name,
          spec.minAvailable,
          spec.unhealthyPodEvictionPolicy,
          status.disruptionsAllowed,
        ]),
        [
          ['pizzeria-grill', 6, 'AlwaysAllow', 3],
          ['pizzeria-till', 2, 'AlwaysAllow', 1],
        ],
      );
    });
  });

  it('makes one Station a station, which the Kitchen owns, and says how it is', async () => {
    await children(stations);
    const { status, spec } = await stage.get<Station & KubeObject>(stations, 'pizzeria-grill');
    assert.deepEqual(spec.survive, { pods: 1, nodes: 0, zones: 1 });
    assert.deepEqual(
      [status?.demand, status?.target, status?.ready, status?.surplus, status?.survives],
      [6, 9, 9, 3, '1 zone, 1 node'],
    );
    assert.deepEqual(status?.survival, { pods: 3, nodes: 1, zones: 1, short: 0, lostZones: [] });
    assert.deepEqual(status?.price, { pods: 3, cpu: '300m', memory: '192Mi' });
    assert.deepEqual(
      status?.zones,
      ['zone-a', 'zone-b', 'zone-c'].map((name) => ({ name, state: 'Live', target: 3, ready: 3 })),
    );
    holds({ status }, 'Ready', { status: 'True', reason: 'AllServed' });
    holds({ status }, 'Available', { status: 'True', reason: 'DemandServed' });
    holds({ status }, 'Survivable', { status: 'True', reason: 'AsDeclared' });
    holds({ status }, 'Progressing', { status: 'False', reason: 'Settled' });
    assert.deepEqual(status?.waiting, []);
  });

  it('sums the stations up in the Kitchen', async () => {
    const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria');
    const { observedGeneration, stations: many, ready, survives, survival } = kitchen.status ?? {};
    assert.deepEqual([observedGeneration, many, ready, survives], [1, 2, 2, '1 zone, 1 node']);
    assert.deepEqual([survival?.zones, survival?.nodes, survival?.lostZones], [1, 1, []]);
    holds(kitchen, 'Ready', { status: 'True', reason: 'AllServed' });
    holds(kitchen, 'Available', { status: 'True' });
    holds(kitchen, 'Survivable', { status: 'True' });
    holds(kitchen, 'Progressing', { status: 'False', reason: 'Settled' });
  });

  it('is read at a glance with kubectl get stn', async () => {
    const lines = (await stage.kubectl('get', 'stn')).trim().split('\n');
    const rows = lines.map((line) => line.split(/ {2,}/).slice(0, -1));
    assert.deepEqual(rows, [
      ['NAME', 'DEMAND', 'TARGET', 'READY', 'SURVIVES', 'ZONES'],
      ['pizzeria-grill', '6', '9', '9', '1 zone, 1 node', 'zone-a 3/3, zone-b 3/3, zone-c 3/3'],
      ['pizzeria-till', '2', '3', '3', '1 zone, 1 node', 'zone-a 1/1, zone-b 1/1, zone-c 1/1'],
    ]);
  });

  it('lets every decision be followed by its id through status, log and event', async () => {
    const { status } = await stage.get<Station & KubeObject>(stations, 'pizzeria-grill');
    const decisions = status?.decisions ?? [];
    assert.equal(decisions.length, 3, JSON.stringify(decisions));
    const log = await operator.log();
    for (const { id, what, why } of decisions) {
      const [line, ...again] = log.filter(({ decision }) => decision === id);
      assert.equal(line?.msg, `${what}: ${why}`);
      assert.equal(line?.station, 'default/pizzeria-grill');
      assert.deepEqual(again, []);
      const event = await stage.until(`decision ${id} is in an event`, async () => {
        const found = (await stage.list<Event>(events)).find(({ note }) => note?.includes(`[${id}]`));
        assert.ok(found);
        return found;
      });
      assert.ok(event.note.includes(`${what}: ${why} [${id}]`), event.note);
      assert.equal(event.reason, 'ZoneStarted');
      assert.deepEqual([event.regarding.kind, event.regarding.name], ['Station', 'pizzeria-grill']);
    }
  });

  it('cannot read Secrets', async () => {
    const kubeconfig = await stage.cluster.kubeconfigFor({
      namespace: release.namespace,
      serviceAccount: release.name,
    });
    for (const where of ['--namespace=default', `--namespace=${release.namespace}`, '--all-namespaces']) {
      await assert.rejects(
        stage.kubectl('get', 'secrets', where, `--kubeconfig=${kubeconfig}`),
        /kitchen-operator" cannot list resource "secrets"/,
      );
    }
  });
});
