import assert from 'node:assert/strict';
import { findCondition } from '../../../operator/api/conditions.ts';
import type { ConditionType } from '../../../operator/api/conditions.ts';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import { labels } from '../../../operator/api/labels.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import type { Stage } from './stage.ts';

/** Fails unless the object's condition is as expected; returns its message. */
export function holds(
  object: { readonly status?: Station['status'] | Kitchen['status'] | undefined },
  type: ConditionType,
  expected: { readonly status: 'True' | 'False'; readonly reason?: string },
): string {
  const condition = findCondition(object.status?.conditions ?? [], type);
  assert.ok(condition, `no condition ${type}`);
  const said = `${type}=${condition.status} ${condition.reason}: ${condition.message}`;
  assert.equal(condition.status, expected.status, said);
  if (expected.reason !== undefined) assert.equal(condition.reason, expected.reason, said);
  return condition.message;
}

/** Names and replicas of a station's Deployments (`<kitchen>-<station>`), in the order of their names. */
export async function deploymentsOf(stage: Stage, station: string): Promise<readonly (readonly [string, number])[]> {
  interface Deployment extends KubeObject {
    readonly spec: { readonly replicas: number };
  }
  const all = await stage.list<Deployment>(deployments);
  return all
    .map(({ metadata, spec }) => [metadata.name ?? '', spec.replicas] as const)
    .filter(([name]) => name.startsWith(`${station}-`))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Fails unless the Kitchen's newest spec is served and nothing is under way, by what it says and by what runs. */
export async function assertSettled(stage: Stage, kitchen: string): Promise<void> {
  const { status, metadata } = await stage.get<Kitchen & KubeObject>(kitchens, kitchen);
  assert.equal(status?.observedGeneration, metadata.generation, 'its newest spec was not seen');
  holds({ status }, 'Ready', { status: 'True' });
  holds({ status }, 'Progressing', { status: 'False' });
  const all = await stage.list<Station & KubeObject>(stations);
  const own = all.filter((station) => station.metadata.labels?.[labels.kitchen] === kitchen);
  for (const station of own) await assertSaysWhatRuns(stage, station);
}

/** What is said follows what happens, on a busy machine some seconds later. */
async function assertSaysWhatRuns(stage: Stage, { metadata: { name }, status }: Station & KubeObject): Promise<void> {
  const told = sum((await deploymentsOf(stage, name)).map(([, replicas]) => replicas));
  const wanted = sum((status?.zones ?? []).map(({ target }) => target));
  assert.deepEqual([wanted, status?.ready], [told, stage.census.running(name).length], `what ${name} says is old`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
