import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import { probesAllowMs } from '../../../operator/api/probes.ts';
import { aStation } from '../../builders/kitchen.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';
import type { PodParts } from '../../builders/podObjects.ts';
import { silent, Watching } from '../../builders/watching.ts';

type Container = Partial<PodTemplate['spec']['containers'][number]>;

function template(containers: readonly Container[], initContainers: readonly Container[] = []): PodTemplate {
  const named = (each: Container, index: number): PodTemplate['spec']['containers'][number] => ({
    name: `c${index}`,
    ...each,
  });
  return { spec: { containers: containers.map(named), initContainers: initContainers.map(named) } };
}

const slow = { startupProbe: { initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 30 } };

describe('what the probes allow', () => {
  const rows: readonly (readonly [string, PodTemplate, number])[] = [
    ['is nothing without probes', template([{}]), 0],
    ['is the delay and all tries of a startup probe', template([slow]), 305],
    ['takes Kubernetes’ defaults for what is not said', template([{ startupProbe: {} }]), 30],
    ['is the delay and one try of a readiness probe', template([{ readinessProbe: { initialDelaySeconds: 40 } }]), 50],
    ['is both one after the other', template([{ ...slow, readinessProbe: { periodSeconds: 20 } }]), 325],
    ['is the slowest container’s', template([{ startupProbe: {} }, slow, {}]), 305],
    ['is the sidecars’ before', template([slow], [{ ...slow, restartPolicy: 'Always' }, slow]), 610],
  ];
  for (const [what, pods, seconds] of rows) {
    it(what, () => assert.equal(probesAllowMs(pods), seconds * 1000));
  }
});

/** A pod that is not Ready beside one that is, as told. */
function beside(other: PodParts, containers: readonly Container[] = [{}], node: NodeParts = {}): Watching {
  const starting = aPod({ name: 'pizzeria-grill-zone-a-rs1-2', readyAt: false });
  const station = aStation({ template: template(containers) });
  const nodes = [aNode(), aNode({ name: 'node-a2', ...node })];
  return new Watching([station, ...nodes, aDeployment(), aPod({ node: 'node-a2', ...other }), starting]);
}

describe('a slow pod', () => {
  /** For how many seconds the second pod has to be not Ready to be called slow. */
  function slowAfter(watching: Watching): number {
    const { lookAgainMs = Infinity } = watching.look(0);
    const isSlow = (nowMs: number): boolean => watching.zone('zone-a', nowMs).pods[1]!.slow;
    if (lookAgainMs === Infinity) return isSlow(86_400_000) ? 0 : Infinity;
    assert.deepEqual([isSlow(lookAgainMs - 1), isSlow(lookAgainMs)], [false, true]);
    return lookAgainMs / 1000;
  }

  it('is not Ready after three minutes where nothing takes longer', () => assert.equal(slowAfter(beside({})), 180));

  it('may take three times what the probes allow', () => assert.equal(slowAfter(beside({}, [slow])), 915));

  it('may take three times as long as the slowest pod took from its node to Ready', () =>
    assert.equal(slowAfter(beside({ createdAt: 20, boundAt: 50, readyAt: 150 })), 300));

  it('believes no more than ten minutes: the other pod may have flapped', () =>
    assert.equal(slowAfter(beside({ createdAt: 20, readyAt: 90_000 })), 1_800));

  it('learns nothing from a pod that its node’s return made Ready again', () =>
    assert.equal(slowAfter(beside({ createdAt: 20, readyAt: 905 }, [{}], { readyAt: 900 })), 180));

  it('is none in a station where none is Ready', () => {
    assert.equal(slowAfter(beside({ readyAt: false })), Infinity);
    assert.equal(slowAfter(beside({ deleting: true })), Infinity);
  });

  it('is not slow on a node that is not healthy, and counts from 0 when it is healthy again', () => {
    const watching = beside({});
    watching.look(0);
    for (const trouble of [{ unschedulable: true }, silent]) {
      watching.put(aNode(trouble));
      assert.equal(watching.zone('zone-a', 200_000).pods[1]!.slow, false);
    }
    watching.put(aNode());
    assert.equal(watching.zone('zone-a', 300_000, 479_999).pods[1]!.slow, false);
    assert.equal(watching.zone('zone-a', 480_000).pods[1]!.slow, true);
  });

  it('is none right after a restart of the operator', () => {
    const watching = beside({});
    assert.equal(watching.zone('zone-a', 0, 180_000).pods[1]!.slow, true);
    assert.equal(watching.restart().zone('zone-a', 180_001).pods[1]!.slow, false);
  });
});
