import assert from 'node:assert/strict';
import { planSlices, SLICE_HUBS_MAX } from '../../operator/hub/slices/planSlices.ts';
import type { HubSeen, OwnSlice, SlicesSnapshot, SlicesStep } from '../../operator/hub/slices/planSlices.ts';
import type { HubEndpoint } from '../../operator/observe/objects.ts';

const ports = [{ name: 'http', port: 20_000 }];
const hub = (node: string, parts: Partial<HubSeen> = {}): HubSeen => ({
  address: `ip of ${node}`,
  node,
  zone: `zone-${node[0]}`,
  ready: true,
  deleting: false,
  reached: true,
  ...parts,
});
const endpoint = (node: string, state: HubEndpoint['state'] = 'Ready'): HubEndpoint => {
  const { address, zone } = hub(node);
  return { address, node, zone, state };
};
const slice = (name: string, ...endpoints: readonly HubEndpoint[]): OwnSlice => ({
  name: `grill-hub-zone-${name}`,
  uid: `uid of ${name}`,
  endpoints,
  ports,
});
const seen = (parts: Partial<SlicesSnapshot> = {}): SlicesSnapshot => ({
  service: 'grill',
  isForHubs: true,
  areBypassed: false,
  paused: false,
  selects: true,
  ports,
  hubs: [hub('a1'), hub('b1')],
  own: [],
  others: [{ name: 'grill-x', uid: 'uid of x', readyPods: ['p1', 'p2'] }],
  podsListed: new Set(['p1', 'p2']),
  ...parts,
});
const both = [slice('a-0', endpoint('a1')), slice('b-0', endpoint('b1'))];

function inShort(step: SlicesStep): string {
  if (step.kind === 'dropEndpoints') return 'drop endpoints';
  if (step.kind === 'remove') return `remove ${step.name}`;
  const listed = step.slice.endpoints.map(({ node, state }) => (state === 'Ready' ? node : `${node} ${state}`));
  return `${step.slice.name}: ${listed.join(', ')}${step.isJoin ? ' (join)' : ''}`;
}
const planned = (parts: Partial<SlicesSnapshot> = {}): readonly string[] => planSlices(seen(parts)).map(inShort);

describe('slices that lead to the hubs', () => {
  it('come first, one a zone, while the Service still selects', () => {
    assert.deepEqual(planned(), ['grill-hub-zone-a-0: a1', 'grill-hub-zone-b-0: b1']);
  });

  it('list no hub that has accepted no connection yet, or is not ready', () => {
    assert.deepEqual(planned({ hubs: [hub('a1', { reached: false }), hub('b1', { ready: false })] }), []);
  });

  it('wait until most hubs that are ready have accepted a connection', () => {
    const hubs = [hub('a1'), hub('b1', { reached: false }), hub('c1', { reached: false })];
    assert.deepEqual(planned({ hubs }), []);
    assert.deepEqual(planned({ hubs: [hub('a1'), hub('b1'), hub('c1', { reached: false })] }), [
      'grill-hub-zone-a-0: a1',
      'grill-hub-zone-b-0: b1',
    ]);
  });

  it('wait until every port has one on the hubs', () => assert.deepEqual(planned({ ports: undefined }), []));

  it('take over when the selector has gone: Endpoints first, then what Kubernetes lists', () => {
    assert.deepEqual(planned({ own: both, selects: false }), ['drop endpoints', 'remove grill-x']);
  });

  it('do not take over while the selector is there, while a pod is listed nowhere else, or while no hub is ready', () => {
    assert.deepEqual(planned({ own: both }), []);
    assert.deepEqual(planned({ own: both, selects: false, podsListed: new Set(['p1']) }), []);
    const away = [slice('a-0', endpoint('a1', 'Away'))];
    assert.deepEqual(planned({ own: away, selects: false, hubs: [hub('a1', { ready: false })] }), []);
  });

  it('keep a hub that leaves, for what it has begun, until it is gone', () => {
    assert.deepEqual(planned({ own: both, hubs: [hub('a1', { deleting: true, ready: false }), hub('b1')] }), [
      'grill-hub-zone-a-0: a1 Leaving',
    ]);
    assert.deepEqual(planned({ own: both, hubs: [hub('b1')] }), ['remove grill-hub-zone-a-0']);
  });

  it('call a hub away that is not ready, and ready when it is again and was reached', () => {
    assert.deepEqual(planned({ own: both, hubs: [hub('a1', { ready: false }), hub('b1')] }), [
      'grill-hub-zone-a-0: a1 Away',
    ]);
    const away = [slice('a-0', endpoint('a1', 'Away')), slice('b-0', endpoint('b1'))];
    assert.deepEqual(planned({ own: away, hubs: [hub('a1', { reached: false }), hub('b1')] }), []);
    assert.deepEqual(planned({ own: away }), ['grill-hub-zone-a-0: a1']);
  });

  it('tell a hub that joins from one that leaves: only the first can wait', () => {
    assert.deepEqual(planned({ own: both, hubs: [hub('a1'), hub('a2'), hub('b1')] }), [
      'grill-hub-zone-a-0: a1, a2 (join)',
    ]);
  });

  it('keep the ports that they have until the hubs serve the new ones', () => {
    const more = [...ports, { name: 'admin', port: 20_001 }];
    const unreached = [hub('a1', { reached: false }), hub('b1')];
    assert.deepEqual(planned({ own: both, ports: more, hubs: unreached }), ['grill-hub-zone-b-0: b1']);
  });

  it('stay small, and a hub stays in its slice', () => {
    const many = Array.from({ length: SLICE_HUBS_MAX + 1 }, (_, at) => hub(`a${String(at).padStart(2, '0')}`));
    const [first, second, ...others] = planSlices(seen({ hubs: many }));
    assert.equal(first?.kind === 'apply' && first.slice.endpoints.length, SLICE_HUBS_MAX);
    assert.equal(second?.kind === 'apply' && second.slice.endpoints.length, 1);
    assert.deepEqual(others, []);
    const own = [slice('a-0', endpoint('a2')), slice('a-1', endpoint('a1'))];
    assert.deepEqual(planned({ own, hubs: [hub('a1'), hub('a2'), hub('a3')] }), ['grill-hub-zone-a-0: a2, a3 (join)']);
  });

  it('go last when the station is for hubs no more', () => {
    assert.deepEqual(planned({ isForHubs: false, own: both, selects: false }), []);
    assert.deepEqual(planned({ isForHubs: false, own: both, others: [] }), []);
    const half = [{ name: 'grill-x', uid: 'u', readyPods: ['p1'] }];
    assert.deepEqual(planned({ isForHubs: false, own: both, others: half }), []);
    assert.deepEqual(planned({ isForHubs: false, own: both }), [
      'remove grill-hub-zone-a-0',
      'remove grill-hub-zone-b-0',
    ]);
  });

  it('are left when the hubs are bypassed: hubs leave, the selector comes back, and then the slices go', () => {
    const bypassed = { areBypassed: true, own: both };
    assert.deepEqual(planned({ areBypassed: true }), []);
    assert.deepEqual(planned({ ...bypassed, selects: false, others: [] }), [
      'grill-hub-zone-a-0: a1 Leaving',
      'grill-hub-zone-b-0: b1 Leaving',
    ]);
    assert.deepEqual(planned({ ...bypassed, others: [] }), []);
    assert.deepEqual(planned(bypassed), ['remove grill-hub-zone-a-0', 'remove grill-hub-zone-b-0']);
  });

  it('go with the Service', () => {
    assert.deepEqual(planned({ selects: undefined, own: both, others: [] }), [
      'remove grill-hub-zone-a-0',
      'remove grill-hub-zone-b-0',
    ]);
  });

  it('of a paused station change over to nothing, and tell of hubs that leave', () => {
    assert.deepEqual(planned({ paused: true }), []);
    assert.deepEqual(planned({ paused: true, own: both, hubs: [hub('a1', { deleting: true }), hub('b1')] }), [
      'grill-hub-zone-a-0: a1 Leaving',
    ]);
  });
});
