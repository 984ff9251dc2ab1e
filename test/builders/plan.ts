import { deployments } from '../../operator/api/kubernetes/resource.ts';
import type { ZoneName } from '../../operator/api/zone.ts';
import type { Plan, Step, Survival } from '../../operator/model/plan.ts';
import type { Intent } from '../../operator/model/intent.ts';

const zone = 'zone-a' as ZoneName;

export type ZoneStep = Extract<Step, { readonly kind: 'create' | 'grow' | 'mend' | 'evenOut' | 'rollOut' }>;
export type RollBackStep = Extract<Step, { readonly kind: 'rollBack' }>;
export type ShrinkStep = Extract<Step, { readonly kind: 'shrink' }>;

/** The Deployment of station `pizzeria-grill` in `zone-a`. */
export function anIntent(over: Partial<Intent> = {}): Intent {
  const name = over.name ?? 'pizzeria-grill-zone-a';
  const metadata = { name, namespace: 'food', annotations: { 'kitchen.dev/intent': 'hash-1' } };
  return {
    resource: deployments,
    name,
    namespace: 'food',
    resourceVersion: undefined,
    body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 3 } },
    ...over,
  };
}

export function aGrowStep(over: Partial<ZoneStep> = {}): ZoneStep {
  return { kind: 'grow', zone, intent: anIntent(), from: 2, to: 3, why: 'a pod will not stay', ...over };
}

export function aShrinkStep(over: Partial<ShrinkStep> = {}): ShrinkStep {
  return { kind: 'shrink', zone, intent: anIntent(), from: 3, to: 2, why: 'demand fell', victims: ['uid-1'], ...over };
}

export function aRollBackStep(over: Partial<RollBackStep> = {}): RollBackStep {
  const labels = { 'kitchen.dev/station': 'grill' };
  const spec = { replicas: 3, selector: { matchLabels: labels }, template: {} };
  const body = { ...anIntent().body, spec };
  return {
    kind: 'rollBack',
    zone,
    intent: anIntent({ body }),
    from: 3,
    to: 3,
    good: { revision: '1', hash: 'template-1', defaults: 'v1', replicaSet: 'good', isProven: true },
    failing: 'bad',
    why: '1 pod does not start',
    ...over,
  };
}

export function aSurvival(over: Partial<Survival> = {}): Survival {
  return { pods: 1, nodes: 0, zones: 0, short: 0, lostZones: [], worst: undefined, ...over };
}

/** A plan of a station that is as it should be: nothing to do, nothing to wait for. */
export function aPlan(over: Partial<Plan> = {}): Plan {
  return {
    target: 7,
    zoneTargets: new Map([[zone, 7]]),
    steps: [],
    waits: [],
    problems: [],
    survival: aSurvival(),
    shifts: [],
    outdated: [],
    ...over,
  };
}
