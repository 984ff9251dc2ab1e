import assert from 'node:assert/strict';
import { ANYWHERE, UNZONED } from '../../../operator/api/zone.ts';
import type { ZoneName } from '../../../operator/api/zone.ts';
import type { NodeState } from '../../../operator/model/zone.ts';
import { zonesOf, zoneStateByNodes } from '../../../operator/observe/station/zones.ts';
import type { ZoneFacts } from '../../../operator/observe/station/zones.ts';

const [a, b, c] = ['zone-a', 'zone-b', 'zone-c'] as ZoneName[] as [ZoneName, ZoneName, ZoneName];

function zones(facts: Partial<ZoneFacts>): { declared: readonly string[]; left: readonly string[] } {
  const { declared, left } = zonesOf({
    key: 'food/pizzeria-grill',
    declared: undefined,
    sticky: [],
    usable: [],
    deployed: [],
    joining: [],
    leaving: [],
    ...facts,
  });
  return { declared: declared.toSorted(), left: left.toSorted() };
}

describe('the set of zones', () => {
  const rows: readonly (readonly [string, Partial<ZoneFacts>, readonly string[], (readonly string[])?])[] = [
    ['is what the Kitchen declares, with nodes there or not', { declared: [a, b], usable: [a, c] }, [a, b]],
    ['is every zone with a usable node at first', { usable: [a, b, a] }, [a, b]],
    ['takes nodes without a zone for a zone', { usable: [UNZONED, a] }, [UNZONED, a]],
    ['is ANYWHERE when no node is usable', {}, [ANYWHERE]],
    [
      'stays as noted on the Deployments when nodes vanish',
      { sticky: [a, b, c], usable: [a], deployed: [a, b, c] },
      [a, b, c],
    ],
    ['does not take in a zone that appears later', { sticky: [a], usable: [a, b], deployed: [a] }, [a]],
    ['takes in a zone that joins', { sticky: [a], joining: [b], deployed: [a] }, [a, b]],
    ['lets go a zone that leaves', { sticky: [a, b], leaving: [b], deployed: [a, b] }, [a], [b]],
    ['keeps all when the last would leave', { sticky: [a, b], leaving: [a, b], deployed: [a, b] }, [a, b]],
    ['lets all go as soon as another joins', { sticky: [a], leaving: [a], joining: [c], deployed: [a] }, [c], [a]],
    [
      'stays as declared, whichever zone joins or leaves',
      { declared: [a], sticky: [a], leaving: [a], joining: [b] },
      [a],
    ],
    ['is all that any Deployment notes', { sticky: [a, b, b, c], deployed: [a, b, c] }, [a, b, c]],
    [
      'forgets ANYWHERE as soon as a zone is usable',
      { sticky: [ANYWHERE], usable: [a], deployed: [ANYWHERE] },
      [a],
      [ANYWHERE],
    ],
    ['keeps ANYWHERE while no zone is usable', { sticky: [ANYWHERE], deployed: [ANYWHERE] }, [ANYWHERE]],
    [
      'leaves a Deployment behind in a zone taken out of spec.zones',
      { declared: [a], sticky: [a, b], deployed: [a, b] },
      [a],
      [b],
    ],
  ];
  for (const [what, facts, declared, left = []] of rows) {
    it(what, () => assert.deepEqual(zones(facts), { declared, left }));
  }

  it('has a fixed order that depends on station and zone alone', () => {
    const order = (usable: readonly ZoneName[], key: string): readonly ZoneName[] =>
      zonesOf({ key, declared: undefined, sticky: [], usable, deployed: [], joining: [], leaving: [] }).declared;
    for (const key of ['food/a', 'food/b', 'food/c']) assert.deepEqual(order([a, b, c], key), order([c, a, b], key));
    const firsts = new Set(Array.from({ length: 50 }, (_, index) => order([a, b, c], `food/s${index}`)[0]));
    assert.equal(firsts.size, 3, 'every zone is some station’s first');
  });
});

describe('the state of a zone', () => {
  const rows: readonly (readonly [string, readonly NodeState[], boolean, string])[] = [
    ['is live with one healthy node', ['lost', 'healthy'], true, 'live'],
    ['is live with a leaving node', ['lost', 'leaving'], true, 'live'],
    ['is lost when every node is lost', ['lost', 'lost'], false, 'lost'],
    ['is lost when its nodes are gone and a Deployment is there', [], true, 'lost'],
    ['is absent without nodes and Deployment', [], false, 'absent'],
  ];
  for (const [what, states, hasDeployment, state] of rows) {
    it(what, () =>
      assert.equal(
        zoneStateByNodes(
          a,
          { some: states.length > 0, live: states.some((each) => each === 'healthy' || each === 'leaving') },
          hasDeployment,
        ),
        state,
      ),
    );
  }

  it('is always live for ANYWHERE', () =>
    assert.equal(zoneStateByNodes(ANYWHERE, { some: false, live: false }, false), 'live'));
});
