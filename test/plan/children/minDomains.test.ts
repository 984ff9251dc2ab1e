import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../operator/api/podtemplate.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { deploymentIntent, newestTemplateHash } from '../../../operator/plan/children/deployment.ts';
import { wantedTemplate } from '../../../operator/plan/children/minDomains.ts';
import { userTemplate } from '../../../operator/plan/children/template.ts';
import { planStation } from '../../../operator/plan/station/planStation.ts';
import { after, deployment, named, pods } from '../../builders/changes.ts';
import { served, settled } from '../../builders/served.ts';
import { aBudgetView, absent } from '../../builders/snapshot.ts';

const overZones = {
  maxSkew: 1,
  minDomains: 3,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'grill' } },
} as const;
const overNodes = { ...overZones, topologyKey: 'kubernetes.io/hostname', minDomains: 2 } as const;
const template: PodTemplate = {
  spec: { containers: [{ name: 'grill' }], topologySpreadConstraints: [overZones, overNodes] },
};
const three = { nodes: 3, pods: 3 };

/** All zones run the template as an operator before this one wrote it. */
const old = settled(
  served({
    demand: 6,
    survive: { zones: 1 },
    zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
    station: { template },
  }),
);
const fresh: Snapshot = {
  ...old,
  zones: old.zones.map((zone) => ({ ...zone, deployment: absent, pods: [] })),
};
const noRoom = { node: undefined, state: 'starting', ready: false } as const;
const lacking = (ageMs: number) =>
  pods(named('zone-b-pod-2', 'zone-b-pod-3'), { ...noRoom, unschedulable: { message: 'no node fits', ageMs } });

function constraints(snapshot: Snapshot): unknown {
  const { body } = deploymentIntent(snapshot, snapshot.zones[0]!, { replicas: 3, template: 'newest' });
  const spec = ((body['spec'] as JsonObject)['template'] as JsonObject)['spec'] as JsonObject;
  return spec['topologySpreadConstraints'];
}

describe('minDomains over zones', () => {
  const { minDomains: _, ...without } = overZones;

  it('is left out of a new station, that over nodes stays, and this is said', () => {
    assert.deepEqual(constraints(fresh), [without, overNodes]);
    const { problems } = planStation(fresh);
    const said = problems.find(({ kind }) => kind === 'TemplateAdjusted');
    assert.equal(said?.reason, 'MinDomainsDropped');
    assert.match(said.message, /^minDomains on topology.kubernetes.io\/zone is left out: .*: take it out of /);
  });

  it('is left out of a template once: the hash of the rest is known from then on', () => {
    assert.equal(wantedTemplate({ ...fresh }), wantedTemplate(fresh));
  });

  it('stays where it was written before and takes no room: an upgrade of the operator writes nothing', () => {
    assert.equal(newestTemplateHash(old), userTemplate(old.station.spec.template, undefined).hash);
    assert.deepEqual(planStation(old).steps, []);
    assert.equal(planStation(after(old, lacking(14_999))).outdated.length, 0);
  });

  it('is left out of a station that is stuck by it, zone by zone, until all zones run without', () => {
    const stuck = after(old, lacking(15_000));
    const { steps, outdated } = planStation({ ...stuck, budget: aBudgetView({ minAvailable: 7, currentHealthy: 7 }) });
    assert.equal(outdated.length, 3);
    assert.equal(steps.at(-1)?.kind, 'rollOut');
    const begun = after(old, deployment('zone-a', { templateHash: newestTemplateHash(stuck) }));
    assert.deepEqual(planStation(begun).outdated, ['zone-b', 'zone-c']);
  });

  it('changes nothing of a template without it', () => {
    const plain = served({ demand: 6, zones: { 'zone-a': { nodes: 3, pods: 7 } } });
    assert.equal(newestTemplateHash(plain), userTemplate(plain.station.spec.template, undefined).hash);
    assert.equal(
      planStation(plain).problems.some(({ kind }) => kind === 'TemplateAdjusted'),
      false,
    );
  });
});
