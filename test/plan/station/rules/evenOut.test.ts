import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { isStep } from '../../../../operator/plan/station/attempt.ts';
import { tryEvenOut } from '../../../../operator/plan/station/rules/evenOut.ts';
import { pictureOf } from '../../../../operator/plan/station/picture.ts';
import { problemsOf } from '../../../../operator/plan/station/problems/problems.ts';
import { addPod, after, cordon, deployment, doubt, mark, named, pods, spec, zone } from '../../../builders/changes.ts';
import { inShort, play } from '../../../builders/play.ts';
import { served, settled } from '../../../builders/served.ts';
import { aPodNode } from '../../../builders/snapshot.ts';

/** One zone whose nodes hold so many of its pods: D=7 and any one node, so 9 pods are wanted. */
function holding(loads: readonly number[], over: { readonly demand?: number; readonly nodes?: number } = {}): Snapshot {
  const { demand = 7, nodes = 1 } = over;
  const many = loads.reduce((sum, load) => sum + load, 0);
  const even = served({
    demand,
    survive: { pods: 1, nodes },
    zones: { 'zone-a': { nodes: loads.length, pods: many } },
  });
  const places = loads.flatMap((load, index) => Array.from({ length: load }, () => `zone-a-${index + 1}`));
  return places.reduce(
    (sofar, name, index) => after(sofar, pods(named(`zone-a-pod-${index + 1}`), { node: aPodNode({ name }) })),
    even,
  );
}

function next(snapshot: Snapshot): string | undefined {
  const step = tryEvenOut(pictureOf(snapshot)).attempt?.next(0);
  return step && isStep(step) ? inShort(step) : undefined;
}

function loadsOf(snapshot: Snapshot): readonly number[] {
  const [zoneA] = snapshot.zones;
  const nodes = zoneA?.nodes.carrying ?? [];
  return nodes.map(({ name }) => (zoneA?.pods ?? []).filter((pod) => pod.node?.name === name).length);
}

describe('evening out', () => {
  const uneven = holding([4, 2, 2, 1, 0]);

  it('grows a zone by one whose nodes hold unequal shares, while that costs the loss of a node', () =>
    assert.equal(next(uneven), 'evenOut zone-a 9→10'));

  it('ends with what is declared survived, and as many pods as before', () => {
    const { passes, end } = play(uneven);
    assert.equal(Math.max(...loadsOf(end)), 2);
    assert.equal(end.zones[0]?.pods.length, 9);
    assert.equal(passes.flat().filter((step) => step.startsWith('evenOut')).length, 2);
  });

  it('lets a surplus go that the guard would always refuse (D=7, p=n=1, {5}: drain, uncordon)', () => {
    const { end } = play(holding([4, 3, 2, 1, 0]));
    assert.deepEqual([end.zones[0]?.pods.length, Math.max(...loadsOf(end))], [9, 2]);
  });

  it('adds nothing to a zone that may be dying', () =>
    assert.equal(next(after(uneven, doubt('zone-a', 'overdue'))), undefined));

  it('leaves unevenness alone that costs nothing', () => {
    assert.equal(next(holding([4, 2, 2, 1, 0], { nodes: 0 })), undefined);
    assert.equal(next(holding([4, 2, 2, 1, 0], { demand: 5 })), undefined);
    assert.equal(next(holding([3, 2, 2, 1, 1], { demand: 6 })), undefined);
    assert.equal(next(holding([2, 2, 2, 2, 1])), undefined);
  });

  it('is not tried where arithmetic forbids what is declared', () =>
    assert.equal(next(after(uneven, spec({ survive: { pods: 1, nodes: 5, zones: 0 } }))), undefined));

  it('waits until nothing has moved for 30 s, and looks again then', () => {
    const young = after(uneven, pods(named('zone-a-pod-3'), { readyMs: 20_000 }));
    assert.deepEqual(tryEvenOut(pictureOf(young)).waits, [
      { what: 'even out zone-a', why: 'pods or nodes changed a moment ago', lookAgainMs: 10_000 },
    ]);
  });

  it('waits for what is still to happen', () => {
    const starting = addPod('zone-a', { name: 'new', state: 'starting' });
    for (const change of [cordon('zone-a-4'), mark('zone-a-pod-1'), starting]) {
      assert.deepEqual(tryEvenOut(pictureOf(after(uneven, change))), { attempt: undefined, waits: [] });
    }
  });

  it('leaves full zones alone, and those with a surplus already', () => {
    assert.equal(
      next(
        after(
          uneven,
          zone('zone-a', (each) => ({ ...each, full: 'no room' })),
        ),
      ),
      undefined,
    );
    assert.equal(next(holding([5, 3, 2, 1, 0])), undefined);
  });

  it('tries once for the same loads, and then says what is wrong', () => {
    const tried = settled(after(uneven, deployment('zone-a', { evened: '4,2,2,1,0' })));
    assert.equal(next(tried), undefined);
    const said = problemsOf(pictureOf(tried)).find(({ kind }) => kind === 'NodesUneven');
    assert.match(said?.message ?? '', /zone-a holds 4,2,2,1,0/);
    assert.deepEqual(
      problemsOf(pictureOf(uneven)).filter(({ kind }) => kind === 'NodesUneven'),
      [],
    );
  });
});
