import assert from 'node:assert/strict';
import type { HubView } from '../../../../operator/model/hub.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { podsServiceIntent, serviceIntent } from '../../../../operator/plan/children/service.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { leadSteps } from '../../../../operator/plan/station/rules/lead.ts';
import { behindHubCondition } from '../../../../operator/report/station/behindHubCondition.ts';
import { inShort } from '../../../builders/play.ts';
import { aPlan } from '../../../builders/plan.ts';
import { served, serviceAsApplied } from '../../../builders/served.ts';

const asked = { hub: { retries: 'Full' } } as const;
const zones = { 'zone-a': { nodes: 2, pods: 3 }, 'zone-b': { nodes: 2, pods: 3 }, 'zone-c': { nodes: 2, pods: 3 } };
const plain = served({ demand: 6, survive: { zones: 1 }, zones });

/** The station asks for hubs; `hub`: how far it is. */
function asking(hub: Partial<HubView> = {}, more: Partial<Snapshot['station']['spec']> = {}): Snapshot {
  const station = { ...plain.station, spec: { ...plain.station.spec, ...asked, ...more } };
  return { ...plain, station, hub: { listed: 0, slices: 0, podsService: { state: 'absent' }, ...hub } };
}

function withPodsService(snapshot: Snapshot): Snapshot {
  const intent = podsServiceIntent(snapshot);
  assert.ok(intent !== undefined && snapshot.hub !== undefined);
  return { ...snapshot, hub: { ...snapshot.hub, podsService: serviceAsApplied(intent) } };
}

function withService(snapshot: Snapshot): Snapshot {
  const intent = serviceIntent(snapshot);
  assert.ok(intent !== undefined);
  return { ...snapshot, service: serviceAsApplied(intent) };
}

const steps = (snapshot: Snapshot): readonly string[] =>
  leadSteps(snapshot).map((step) => (step.kind === 'applyService' ? `apply ${step.intent.name}` : inShort(step)));
const behind = withService(withPodsService(asking({ listed: 2, slices: 2 })));

describe('a station that asks for hubs', () => {
  it('gets a headless Service that selects its pods, and keeps its own as it is', () => {
    assert.deepEqual(steps(asking()), ['apply pizzeria-grill-pods']);
    assert.deepEqual(podsServiceIntent(asking())?.body['spec'], {
      clusterIP: 'None',
      selector: { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' },
      ports: plain.station.spec.ports,
    });
  });

  it('keeps its selector until slices list a hub and something else selects the pods', () => {
    assert.deepEqual(steps(withPodsService(asking())), []);
    assert.deepEqual(steps(asking({ listed: 1, slices: 1 })), ['apply pizzeria-grill-pods']);
  });

  it('leads to the hubs then, without selector', () => {
    const ready = withPodsService(asking({ listed: 1, slices: 1 }));
    assert.deepEqual(steps(ready), ['apply pizzeria-grill']);
    const { ports } = plain.station.spec;
    assert.deepEqual(serviceIntent(ready)?.body['spec'], { trafficDistribution: 'PreferSameNode', ports });
    assert.deepEqual(steps(behind), []);
  });

  it('leads to its pods again when no hub is listed any more', () => {
    assert.ok(behind.hub !== undefined);
    const alone = { ...behind, hub: { ...behind.hub, listed: 0 } };
    assert.deepEqual(steps(alone), ['apply pizzeria-grill']);
    const spec = serviceIntent(alone)?.body['spec'] as object | undefined;
    assert.ok(spec !== undefined && 'selector' in spec);
  });

  it('has its selector taken off by a step of its own where another manager owns it too', () => {
    const contested = { ...behind, service: { ...behind.service, selects: true } } as Snapshot;
    assert.deepEqual(steps(contested), ['drop selector']);
  });

  it('says since when new connections go through them', () => {
    const said = (snapshot: Snapshot): unknown => behindHubCondition({ snapshot, plan: aPlan(), results: [] })?.reason;
    assert.equal(said(behind), 'Serving');
    assert.equal(said(withPodsService(asking({ listed: 1, slices: 1 }))), undefined);
    assert.equal(said(plain), undefined);
  });
});

describe('a station that asks for hubs no more', () => {
  const { hub: _, ...spec } = behind.station.spec;
  const back = { ...behind, station: { ...behind.station, spec } } as Snapshot;

  it('gets its selector back first', () => assert.deepEqual(steps(back), ['apply pizzeria-grill']));

  it('loses its headless Service last, when no slice leads to hubs', () => {
    const selecting = withService(back);
    assert.deepEqual(steps(selecting), []);
    const ended = { ...selecting, hub: { ...selecting.hub, listed: 0, slices: 0 } } as Snapshot;
    assert.deepEqual(steps(ended), ['prune service']);
  });
});

describe('a station that hubs have no way for', () => {
  const problems = (snapshot: Snapshot): readonly string[] =>
    planStation(snapshot).problems.map(({ kind, message }) => `${kind}: ${message}`);

  it('is told which port, and keeps its plain Service', () => {
    const udp = { name: 'dns', port: 53, protocol: 'UDP' } as const;
    const mixed = asking({}, { ports: [{ name: 'http', port: 80, protocol: 'TCP' }, udp] });
    assert.match(problems(mixed).join(), /HubConflict: hubs have no way for port 53\/UDP: set hub: false/);
    assert.ok(!steps(mixed).includes('apply pizzeria-grill-pods'));
  });

  it('since a Service of another has the name, is told whose', () => {
    const taken = asking({ podsService: { state: 'taken', name: 'pizzeria-grill-pods', by: 'Kitchen other' } });
    assert.match(problems(taken).join(), /HubConflict: Service pizzeria-grill-pods belongs to Kitchen other/);
    assert.deepEqual(steps(taken), []);
  });

  it('since a NetworkPolicy or a mesh speaks against them, is told which, and leads to its pods', () => {
    const fenced = { conflict: { kind: 'Policy', name: 'fence', object: 'NetworkPolicy fence' } } as const;
    const meshed = { conflict: { kind: 'Mesh', name: 'Istio', object: 'Pod grill-x' } } as const;
    assert.match(problems(asking(fenced)).join(), /^HubConflict: NetworkPolicy fence selects .* set hub: false$/);
    assert.match(problems(asking(meshed)).join(), /^HubConflict: Pod grill-x is in the mesh Istio.* set hub: false$/);
    assert.deepEqual(steps({ ...behind, hub: { ...behind.hub!, ...fenced } }), ['apply pizzeria-grill']);
    assert.ok(!steps(asking(fenced)).includes('apply pizzeria-grill-pods'));
  });

  it('in part, since they refuse it, is told what, and stays behind them', () => {
    const refused = { ...behind, hub: { ...behind.hub!, refused: 'Listener x: PortValue: too large' } };
    assert.match(problems(refused).join(), /^HubRefused: hubs refuse a part .* Listener x: PortValue: too large\./);
    assert.deepEqual(steps(refused), steps(behind));
  });

  it('since none is ready, is told after a while how to install them', () => {
    assert.deepEqual(problems(withPodsService(asking({ missingMs: 14_999 }))), []);
    assert.match(
      problems(withPodsService(asking({ missingMs: 15_000 }))).join(),
      /HubMissing: no hub is ready .*hub\.enabled=true/,
    );
    const why = (missingWhy: NonNullable<HubView['missingWhy']>): string =>
      problems(withPodsService(asking({ missingMs: 15_000, missingWhy }))).join();
    assert.match(why('Bypassed'), /^HubMissing: the hubs are bypassed.*bypass --off/);
    assert.match(why('NotLocal'), /^HubNotLocal: .* hubs of other nodes.*hub\.anyNode=true/);
  });
});
