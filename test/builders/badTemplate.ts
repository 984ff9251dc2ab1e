import type { Snapshot } from '../../operator/model/snapshot.ts';
import type { GoodTemplate } from '../../operator/model/child.ts';
import { NEWEST_DEFAULTS } from '../../operator/plan/children/defaults.ts';
import { ours } from '../../operator/plan/station/picture.ts';
import { newestTemplateHash } from '../../operator/plan/children/deployment.ts';
import { addPod, after, deployment, spec } from './changes.ts';
import { served, settled } from './served.ts';
import { aBudgetView, aPodNode } from './snapshot.ts';

const three = { nodes: 3, pods: 3 };

/** Demand 6 in three zones of three pods each, any one of which may be lost. */
export const whole = served({
  demand: 6,
  survive: { zones: 1 },
  zones: { 'zone-a': three, 'zone-b': three, 'zone-c': three },
});

/** What all zones ran before. */
export const good: GoodTemplate = {
  revision: '1',
  hash: newestTemplateHash(whole),
  defaults: NEWEST_DEFAULTS,
  replicaSet: newestTemplateHash(whole),
  isProven: true,
};

/** What the kubelet says of a pod whose image is not to be had, for a minute. */
export const stuck = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "grill:bad"', ageMs: 60_000 };

const template = { spec: { containers: [{ name: 'grill', image: 'grill:bad' }] } };
const outdated = settled(after(whole, spec({ template })));

/** Hash of the template that is wanted now. */
export const badHash = newestTemplateHash(outdated);

/** A new template went out to zone-a, its surge set apart: one pod of it is starting beside the three old ones. */
export const midRollout = after(
  { ...outdated, budget: aBudgetView({ minAvailable: 7 }) },
  deployment('zone-a', { templateHash: badHash, revision: '2', good, madeReplicas: 4, updatedReplicas: 1 }),
  addPod('zone-a', { name: 'new', state: 'starting', replicaSet: 'rs2', node: aPodNode({ name: 'zone-a-1' }) }),
  settledWithRollout,
);

/** What a Deployment's status says of its rollout is not part of what it holds. */
export function settledWithRollout(snapshot: Snapshot): Snapshot {
  const told = settled(snapshot);
  const zones = told.zones.map((zone, index) => {
    const { revision, madeReplicas, updatedReplicas } = ours(snapshot.zones[index]!.deployment) ?? {};
    if (zone.deployment.state !== 'ours' || madeReplicas === undefined || updatedReplicas === undefined) return zone;
    return { ...zone, deployment: { ...zone.deployment, revision, madeReplicas, updatedReplicas } };
  });
  return { ...told, zones };
}

/** Its image is not to be had. */
export const failing = after(midRollout, (snapshot) => ({
  ...snapshot,
  zones: snapshot.zones.map((zone) => ({
    ...zone,
    pods: zone.pods.map((pod) => (pod.name === 'new' ? { ...pod, stuck } : pod)),
  })),
}));
