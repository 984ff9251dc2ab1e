import assert from 'node:assert/strict';
import type { KitchenSpec } from '../../operator/api/kitchen.ts';
import { ApiError } from '../../operator/kube/errors.ts';
import { nodes, pods } from '../../operator/api/kubernetes/resource.ts';
import { stations } from '../../operator/api/resources.ts';
import { isReady } from '../../tools/cluster/nodes.ts';
import type { NodeObject } from '../../tools/cluster/nodes.ts';
import { release } from '../../tools/generate/helm.ts';
import { evictionRefusals } from '../integration/operator/drained.ts';
import { aKitchen, aStation, newImage } from '../integration/operator/kitchens.ts';
import { openFaultStage } from './faultStage.ts';
import type { FaultStage } from './faultStage.ts';
import type { OperatorBehindProxy } from './operatorBehindProxy.ts';
import type { Place } from './sight.ts';

const election = ['--leader-elect', `--leader-election-namespace=${release.namespace}`];

describe('the guards', function () {
  this.timeout(900_000);
  let faultStage: FaultStage;

  before(async () => {
    faultStage = await openFaultStage({ zones: 4, nodes: 1, graceSeconds: 16 });
    await faultStage.stage.cluster.addNode('zone-c');
  });
  after(() => faultStage?.[Symbol.asyncDispose]());

  /** Applies the Kitchen of a namespace; both have one name, and the station is `<name>-grill`. */
  async function declare(name: string, spec: KitchenSpec): Promise<void> {
    await faultStage.declare(name, aKitchen(name, spec));
  }

  /** Resolves when so many pods run, none is under way and nothing is set apart. */
  async function serves(name: string, running: number, demand: number): Promise<void> {
    await until(name, () => {
      const { figures } = faultStage.sight.state(placeOf(name));
      const { idle, marks, minAvailable } = figures;
      const sums = [sum(figures.running), sum(figures.replicas), idle, marks, minAvailable];
      assert.deepEqual(sums, [running, running, 0, 0, demand]);
    });
  }

  const operators = new Map<string, OperatorBehindProxy[]>();
  async function begin(namespace: string, name: string, flags: readonly string[] = []): Promise<OperatorBehindProxy> {
    const operator = await faultStage.operator({ namespace, name, flags });
    operators.set(namespace, [...(operators.get(namespace) ?? []), operator]);
    operator.start();
    return operator;
  }

  async function until(namespace: string, attempt: () => void): Promise<void> {
    const holds = (): boolean => {
      try {
        attempt();
        return true;
      } catch {
        return false;
      }
    };
    if (await faultStage.until(holds)) return;
    const stories = await Promise.all((operators.get(namespace) ?? []).map((operator) => operator.story()));
    try {
      attempt();
    } catch (error) {
      throw new Error([String(error), ...stories].join('\n'), { cause: error });
    }
  }

  const scale = (name: string, replicas: number): Promise<unknown> =>
    faultStage.stage.client.patch(
      { resource: stations, namespace: name, name: `${name}-grill`, subresource: 'scale' },
      { spec: { replicas } },
      { type: 'merge' },
    );

  /** Asks for the eviction of every pod of the station at once; resolves to how many were granted. */
  async function evictAll(name: string): Promise<number> {
    const evictions = faultStage.sight.pods(placeOf(name)).map(async ({ metadata: { name: pod } }) => {
      const at = { resource: pods, namespace: name, name: pod, subresource: 'eviction' };
      const metadata = { namespace: name, name: pod };
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      try {
        await faultStage.stage.client.create(at, eviction);
        return 1;
      } catch (error) {
        if (error instanceof ApiError && evictionRefusals.has(error.status ?? 0)) return 0;
        throw error;
      }
    });
    const granted = await Promise.all(evictions);
    return granted.reduce<number>((total, each) => total + each, 0);
  }

  describe('an eviction of every pod', () => {
    it('in the moment of a shrink takes no pod that is needed', async () => {
      await faultStage.namespace('shrink');
      const operator = await begin('shrink', 'shrink');
      await declare('shrink', { zones: ['zone-a'], stations: [aStation()] });
      await serves('shrink', 2, 1);
      await scale('shrink', 6);
      await serves('shrink', 7, 6);
      let shrinks = 0;
      const evicting: Promise<number>[] = [];
      const evict = (): Promise<number> => {
        const evictions = evictAll('shrink');
        evicting.push(evictions);
        return evictions;
      };
      // Right before the write, when all that it rests on has been looked at, and right after it.
      operator.proxy.rule({
        which: { write: 'shrink' },
        times: 8,
        fault: () => ({ kind: 'hold', until: evict() }),
        done: () => {
          shrinks += 1;
          void evict();
        },
      });
      const watching = faultStage.sight.begin(placeOf('shrink'));
      await scale('shrink', 3);
      await serves('shrink', 4, 3);
      assert.ok(shrinks > 0);
      const granted = (await Promise.all(evicting)).reduce((total, each) => total + each, 0);
      assert.ok(watching.least() >= 3, `${watching.least()} ran\n${await operator.story()}`);
      assert.ok(watching.made() <= granted, `${watching.made()} made for ${granted} evicted`);
    });

    it('in the moment of a rollout’s last step takes no pod that is needed', async () => {
      await faultStage.namespace('rollout');
      const operator = await begin('rollout', 'rollout');
      const small = { zones: ['zone-b'], stations: [aStation({ replicas: 3 })] };
      await declare('rollout', small);
      await serves('rollout', 4, 3);
      const moments: number[] = [];
      let evicting = Promise.resolve();
      const watching = faultStage.sight.begin(placeOf('rollout'), () => {
        const isNew = faultStage.sight
          .running(placeOf('rollout'))
          .map(({ spec }) => spec.containers[0]?.image === newImage);
        const fresh = isNew.filter(Boolean).length;
        const old = isNew.length - fresh;
        // The last old pods go as soon as the new ones are Ready.
        if (old > 2 || fresh === 0 || moments.length >= 12) return;
        moments.push(old);
        evicting = evicting.then(() => evictAll('rollout')).then(() => undefined);
      });
      await declare('rollout', { ...small, stations: [aStation({ replicas: 3, image: newImage })] });
      await until('rollout', () => {
        const images = faultStage.sight.pods(placeOf('rollout')).map(({ spec }) => spec.containers[0]?.image);
        assert.deepEqual(images, [newImage, newImage, newImage, newImage]);
      });
      await evicting;
      await serves('rollout', 4, 3);
      assert.ok(moments.length > 0);
      assert.ok(watching.least() >= 3, `${watching.least()} ran\n${await operator.story()}`);
    });
  });

  it('make no more pods for a node that dies and comes back again and again than it had', async () => {
    await faultStage.namespace('flap');
    const operator = await begin('flap', 'flap');
    await declare('flap', { zones: ['zone-c'], stations: [aStation({ replicas: 3 })] });
    await serves('flap', 4, 3);
    const watching = faultStage.sight.begin(placeOf('flap'));
    const isThere = async (): Promise<boolean> =>
      isReady((await faultStage.stage.client.get({ resource: nodes, name: 'zone-c-1' })) as unknown as NodeObject);
    const turns = 3;
    for (let turn = 0; turn < turns; turn += 1) {
      await faultStage.stage.cluster.kill('node', 'zone-c-1');
      await faultStage.stage.until('its silence is noticed', async () => assert.equal(await isThere(), false));
      await faultStage.stage.cluster.heal('node', 'zone-c-1');
      await faultStage.stage.until('it is back', async () => assert.equal(await isThere(), true));
    }
    await serves('flap', 4, 3);
    assert.ok(watching.made() <= 2 * turns, `${watching.made()} made\n${await operator.story()}`);
    assert.ok(watching.least() >= 2, `${watching.least()} ran`);
  });

  describe('two operators, of which one is stopped and wakes up late', () => {
    const settings: KitchenSpec = { zones: ['zone-d'], stations: [aStation()] };
    let first: OperatorBehindProxy;
    let second: OperatorBehindProxy;

    before(async () => {
      await faultStage.namespace('pair');
      first = await begin('pair', 'first', election);
      await says(first, /"leading"/);
      await declare('pair', settings);
      await serves('pair', 2, 1);
      second = await begin('pair', 'second', election);
      await says(second, /synced in/);
      await scale('pair', 6);
      await serves('pair', 7, 6);
      assert.deepEqual(second.proxy.writes, []);
    });

    it('refuse a shrink that was on its way', async () => {
      const late = Promise.withResolvers<void>();
      stopAt(first, { write: 'shrink' }, { kind: 'hold', until: late.promise });
      const watching = faultStage.sight.begin(placeOf('pair'));
      await scale('pair', 3);
      await serves('pair', 4, 3);
      assert.ok(second.proxy.writes.some(({ write }) => write === 'shrink'));
      const before = first.proxy.writes.length;
      late.resolve();
      await until('pair', () => assert.equal(first.proxy.writes.length, before + 1));
      assert.deepEqual(
        first.proxy.writes.slice(before).map(({ write, status }) => [write, status]),
        [['shrink', 409]],
      );
      first.signal('SIGCONT');
      await says(first, /no longer leading/);
      await serves('pair', 4, 3);
      assert.equal(first.proxy.writes.length, before + 1);
      assert.ok(watching.least() >= 3);
      assert.equal(watching.made(), 0);
    });

    it('do not shrink any more after the last look', async () => {
      await scale('pair', 6);
      await serves('pair', 7, 6);
      const late = Promise.withResolvers<void>();
      stopAt(
        second,
        { method: 'GET', resource: 'stations', name: /^pair-grill$/ },
        { kind: 'holdAnswer', until: late.promise },
      );
      const watching = faultStage.sight.begin(placeOf('pair'));
      await scale('pair', 3);
      await serves('pair', 4, 3);
      const before = second.proxy.writes.length;
      late.resolve();
      second.signal('SIGCONT');
      await says(second, /no longer leading/);
      await serves('pair', 4, 3);
      assert.equal(second.proxy.writes.length, before);
      assert.ok(watching.least() >= 3);
      assert.equal(watching.made(), 0);
    });

    it('refuse a growth that was on its way, which would take away what the other has made since', async () => {
      const late = Promise.withResolvers<void>();
      stopAt(first, { write: 'grow' }, { kind: 'hold', until: late.promise });
      await scale('pair', 5);
      await serves('pair', 6, 5);
      await scale('pair', 8);
      await serves('pair', 9, 8);
      const watching = faultStage.sight.begin(placeOf('pair'));
      const before = first.proxy.writes.length;
      late.resolve();
      await until('pair', () => assert.equal(first.proxy.writes.length, before + 1));
      first.signal('SIGCONT');
      await serves('pair', 9, 8);
      assert.deepEqual(
        first.proxy.writes.slice(before).map(({ write, status }) => [write, status]),
        [['grow', 409]],
      );
      assert.ok(watching.least() >= 8, `${watching.least()} ran\n${await first.story()}`);
    });

    function stopAt(
      operator: OperatorBehindProxy,
      which: Parameters<OperatorBehindProxy['proxy']['rule']>[0]['which'],
      fault: Held,
    ): void {
      operator.proxy.rule({
        which,
        fault: () => {
          operator.signal('SIGSTOP');
          return fault;
        },
      });
    }
  });

  async function says(operator: OperatorBehindProxy, words: RegExp): Promise<void> {
    await faultStage.stage.until(`it says ${words}`, async () => assert.match(await operator.story(), words));
  }
});

interface Held {
  readonly kind: 'hold' | 'holdAnswer';
  readonly until: Promise<unknown>;
}

/** Kitchen and namespace have one name. */
function placeOf(name: string): Place {
  return { namespace: name, kitchen: name };
}

function sum(figures: Readonly<Record<string, number>>): number {
  return Object.values(figures).reduce((total, each) => total + each, 0);
}
