import assert from 'node:assert/strict';
import { aStation } from '../../builders/kitchen.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod } from '../../builders/podObjects.ts';
import type { NodeParts } from '../../builders/nodeObjects.ts';
import type { RawObject } from '../../builders/objects.ts';
import { deploymentsIn, nodesOf, noting, setAt, silent, Watching } from '../../builders/watching.ts';

let version = 1;
const pooled = (pool: string): NodeParts => ({ labels: { pool } });
const reserved: NodeParts = { taints: [{ key: 'for', value: 'batch', effect: 'NoSchedule' }] };

/** The station's newest template asks for nodes with this label. */
function asking(labels: Readonly<Record<string, string>>): object {
  version += 1;
  const template = { spec: { containers: [{ name: 'grill' }], nodeSelector: labels } };
  return aStation({ template, metadata: { resourceVersion: String(version) } });
}

/** A zone's Deployment, tied to its zone, whose pods ask for nodes of the pool. */
function running(zone: string, zones: readonly string[], pool: string): RawObject {
  const { metadata } = noting(zones, zone);
  const tie = { key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] };
  const required = { nodeSelectorTerms: [{ matchExpressions: [tie] }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
  const spec = { containers: [{ name: 'grill' }], nodeSelector: { pool }, affinity };
  return aDeployment({ zone, metadata, spec: { template: { spec } } });
}

function podIn(zone: string, node: string): RawObject {
  return aPod({ zone, node, name: `pizzeria-grill-${zone}-rs1-${node}` });
}

/** Two zones of two nodes in the pool `blue`, with a pod on each node. */
function blue(): Watching {
  const zones = ['a', 'b'];
  return new Watching([
    ...zones.flatMap((zone) => [running(zone, zones, 'blue'), ...nodesOf(zone, 2, pooled('blue'))]),
    ...zones.flatMap((zone) => [podIn(zone, `${zone}-1`), podIn(zone, `${zone}-2`)]),
    asking({ pool: 'blue' }),
  ]);
}

/** The zone's state, its nodes with pods by name and how many more there are, and whom they do not fit. */
function seen(watching: Watching, zone: string, nowMs = 0): readonly unknown[] {
  const { state, nodes, newestUnfit, runningUnfit } = watching.zone(zone, nowMs);
  const others = nodes.count - nodes.carrying.length;
  const names = [...nodes.carrying.map(({ name }) => name), ...(others === 0 ? [] : [`+${others}`])];
  return [state, names.join(' '), newestUnfit, runningUnfit];
}

describe('the nodes of a zone', () => {
  it('are those that what runs there may use, whatever the newest template asks for', () => {
    const watching = blue().put(asking({ pool: 'bleu' }));
    assert.deepEqual(seen(watching, 'a'), ['live', 'a-1 a-2', 'no node has pool=bleu', undefined]);
    assert.equal(watching.zone('a', 0).full, undefined);
    watching.put(...nodesOf('a', 1, { ...pooled('blue'), ...silent }));
    assert.deepEqual(seen(watching, 'a', 1_000), ['live', 'a-1 a-2', 'no node has pool=bleu', undefined]);
  });

  it('are those that carry pods when none takes more, and take no more', () => {
    const watching = blue().put(...nodesOf('a', 2, pooled('red')));
    assert.deepEqual(seen(watching, 'a'), ['live', 'a-1 a-2', 'no node has pool=blue', 'no node has pool=blue']);
    assert.equal(watching.zone('a', 0).full, 'no node has pool=blue');
  });

  it('are those that the newest template may use when what runs may use none', () => {
    const watching = blue().put(...nodesOf('a', 3, pooled('red')), asking({ pool: 'red' }));
    assert.deepEqual(seen(watching, 'a'), ['live', 'a-1 a-2 +1', undefined, 'no node has pool=blue']);
    assert.deepEqual(seen(watching, 'b'), ['live', 'b-1 b-2', 'no node has pool=red', undefined]);
  });

  it('do not make it lost while pods run on one that takes no more', () => {
    const watching = blue().put(...nodesOf('a', 1, { ...pooled('blue'), ...silent }));
    watching.put(aNode({ name: 'a-2', zone: 'a', ...pooled('blue'), ...reserved }));
    assert.deepEqual(seen(watching, 'a'), ['live', 'a-1', undefined, undefined]);
  });

  it('are told apart by taints, in words', () => {
    const watching = blue().put(...nodesOf('a', 2, { ...pooled('blue'), ...reserved }));
    const words = 'every node has a taint that is not tolerated (for=batch:NoSchedule)';
    assert.deepEqual(seen(watching, 'a'), ['live', 'a-1 a-2', words, words]);
  });

  it('of a station that is new wait for a template that fits some', () => {
    const watching = new Watching([...nodesOf('a', 1), asking({ pool: 'bleu' })]);
    assert.deepEqual(
      watching.look(0).zones.map(({ name }) => name),
      ['(any)'],
    );
  });
});

describe('a zone that the newest template is kept from', () => {
  it('stays while a rollout there waits for nodes', () => {
    const zones = ['a', 'b'];
    const rolling = { replicas: 3, updatedReplicas: 1 };
    const watching = blue().put({ ...running('a', zones, 'bleu'), status: rolling }, asking({ pool: 'bleu' }));
    watching.look(0);
    assert.equal(setAt(watching, 3_600_000), 'ab|');
    assert.equal(watching.zone('a', 3_600_000).full, 'no node has pool=bleu');
  });

  it('is left after 10 min when the template itself names other zones', () => {
    const watching = blue().put(asking({ 'topology.kubernetes.io/zone': 'b' }));
    assert.equal(watching.zone('a', 0).isKeptOut, true);
    assert.deepEqual([watching.zone('a', 0).state, watching.zone('b', 0).isKeptOut], ['live', undefined]);
    assert.equal(setAt(watching, 599_999), 'ab|');
    assert.equal(setAt(watching, 600_000), 'b|a');
  });
});

describe('a node whose zone label changes', () => {
  it('takes its pods along to where it is now', () => {
    const watching = blue();
    watching.look(0);
    watching.put(aNode({ name: 'a-1', zone: 'b', ...pooled('blue') }));
    const [moved, stays] = watching.zone('a', 1_000).pods;
    assert.deepEqual([moved?.state, moved?.node?.zone, moved?.misplacedMs], ['sure', 'b', 0]);
    assert.deepEqual([stays?.state, stays?.node?.zone, stays?.misplacedMs], ['sure', 'a', undefined]);
    assert.equal(watching.zone('a', 6_000).pods[0]?.misplacedMs, 5_000);
    assert.deepEqual(seen(watching, 'b', 6_000), ['live', 'a-1 b-1 b-2', undefined, undefined]);
  });

  it('takes nothing along from a station that is tied to no zone', () => {
    const watching = new Watching([
      noting(['(any)'], '(any)'),
      aPod({ zone: '(any)', node: 'a-1' }),
      ...nodesOf('a', 1),
    ]);
    assert.deepEqual(
      watching.zone('(any)', 0).pods.map(({ misplacedMs }) => misplacedMs),
      [undefined],
    );
  });
});

/** The nodes with these numbers of zone a are in zone x by now. */
function toX(...numbers: readonly number[]): readonly RawObject[] {
  return numbers.map((number) => aNode({ name: `a-${number}`, zone: 'x', ...pooled('blue') }));
}

describe('a zone that is renamed', () => {
  it('moves as a whole and at once with its last node', () => {
    const watching = blue();
    watching.look(0);
    assert.equal(setAt(watching.put(...toX(1)), 1_000), 'ab|', 'one node of it is a node less');
    assert.equal(setAt(watching.put(...toX(2)), 1_500), 'bx|a');
    assert.deepEqual(seen(watching, 'x', 1_500), ['live', 'a-1 a-2', undefined, undefined]);
  });

  it('moves though the operator did not see how, and though the newest template fits nothing', () => {
    assert.equal(
      setAt(
        blue()
          .put(...toX(1, 2), asking({ pool: 'bleu' }))
          .restart(),
        0,
      ),
      'bx|a',
    );
  });

  it('stays away when its pods are gone, while its Deployment still notes it', () => {
    const watching = blue().put(...toX(1, 2));
    watching.look(0);
    watching.put(noting(['b', 'x'], 'x')).drop(podIn('a', 'a-1'), podIn('a', 'a-2'));
    assert.equal(setAt(watching, 1_000), 'bx|a');
  });

  it('moves with all others at once', () => {
    const watching = blue().put(...toX(1, 2));
    watching.put(...['b-1', 'b-2'].map((name) => aNode({ name, zone: 'y', ...pooled('blue') })));
    assert.equal(setAt(watching, 0), 'xy|ab');
  });

  it('is none when as many of its nodes are gone: a cloud may have lost it', () => {
    const watching = blue()
      .put(...toX(1))
      .drop(aNode({ name: 'a-2' }));
    assert.equal(setAt(watching, 0), 'ab|');
    assert.equal(watching.zone('a', 0).state, 'lost');
  });

  it('moves without any pod, by nodes that were seen in it', () => {
    const watching = blue().drop(podIn('a', 'a-1'), podIn('a', 'a-2'));
    watching.look(0);
    watching.put(...toX(1, 2));
    assert.equal(setAt(watching, 1_000), 'bx|a');
    assert.equal(setAt(watching, 2_000), 'bx|a', 'also while nothing is made there yet');
    assert.equal(setAt(watching.restart(), 3_000), 'ab|', 'after a restart it has vanished');
  });

  it('is not renamed by a node that registers again and does not have its labels yet', () => {
    const taints = [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' }];
    const watching = blue().put(...['a-1', 'a-2'].map((name) => aNode({ name, taints, ...pooled('blue'), zone: '' })));
    assert.equal(setAt(watching, 0), 'ab|');
  });

  it('does not leave spec.zones', () => {
    const watching = blue().put(aStation({ zones: ['a', 'b'], metadata: { resourceVersion: '1000' } }), ...toX(1, 2));
    assert.equal(setAt(watching, 0), 'ab|');
  });

  it('joins a known zone whose label its nodes carry', () => {
    const watching = new Watching([
      ...deploymentsIn('a', 'b'),
      ...nodesOf('b', 1),
      podIn('a', 'a-1'),
      aNode({ name: 'a-1', zone: 'b' }),
    ]);
    assert.equal(setAt(watching, 0), 'b|a');
  });
});
