import assert from 'node:assert/strict';
import type { RolloutFailure } from '../../../operator/model/child.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { deploymentIntent, runsNewestTemplate } from '../../../operator/plan/children/deployment.ts';
import { ours } from '../../../operator/plan/station/picture.ts';
import { annotationOf, served, settled } from '../../builders/served.ts';
import { after, deployment, spec, zone } from '../../builders/changes.ts';
import { kitchenUid } from '../../builders/kitchen.ts';
import { ANYWHERE } from '../../../operator/api/zone.ts';
import { NEWEST_DEFAULTS } from '../../../operator/plan/children/defaults.ts';
import { userTemplate } from '../../../operator/plan/children/template.ts';

const snapshot = served({ demand: 6, zones: { 'zone-b': { nodes: 1, pods: 3 }, 'zone-a': { nodes: 1, pods: 3 } } });
const newTemplate = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } };
const otherTemplate = { spec: { containers: [{ name: 'grill', image: 'example.org/grill:3' }] } };

function intentIn(of: Snapshot, template: 'newest' | 'asItRuns' = 'newest'): ReturnType<typeof deploymentIntent> {
  return deploymentIntent(of, of.zones[0]!, { replicas: 4, template });
}

function specIn(of: Snapshot, template?: 'newest' | 'asItRuns'): JsonObject {
  return intentIn(of, template).body['spec'] as JsonObject;
}

describe('the intent of a Deployment', () => {
  it('is a Deployment of the zone with these replicas, that misses no pod in a rollout', () => {
    const intent = intentIn(snapshot);
    assert.equal(intent.resource.kind, 'Deployment');
    assert.equal(intent.name, 'pizzeria-grill-zone-b');
    assert.equal(intent.namespace, 'food');
    assert.equal(intent.resourceVersion, undefined);
    const { template: _, ...rest } = specIn(snapshot);
    assert.deepEqual(rest, {
      minReadySeconds: 3,
      paused: false,
      replicas: 4,
      selector: {
        matchLabels: {
          'kitchen.dev/kitchen': 'pizzeria',
          'kitchen.dev/station': 'grill',
          'kitchen.dev/zone': 'zone-b',
        },
      },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
    });
  });

  it('carries what must outlive Station and operator: zone, zones, template and defaults', () => {
    const intent = intentIn(snapshot);
    assert.equal(annotationOf(intent, 'kitchen.dev/zone'), 'zone-b');
    assert.equal(annotationOf(intent, 'kitchen.dev/zones'), '["zone-a","zone-b"]');
    assert.equal(annotationOf(intent, 'kitchen.dev/template'), ours(snapshot.zones[0]!.deployment)?.templateHash);
    assert.equal(annotationOf(intent, 'kitchen.dev/defaults'), NEWEST_DEFAULTS);
  });

  it('leaves zones that are no longer declared out of the noted set', () => {
    const fewer = after(
      snapshot,
      zone('zone-a', (each) => ({ ...each, declared: false })),
    );
    assert.equal(annotationOf(intentIn(fewer), 'kitchen.dev/zones'), '["zone-b"]');
  });

  it('belongs to the Kitchen alone, as its controller', () => {
    const { ownerReferences } = intentIn(snapshot).body['metadata'] as { ownerReferences: readonly { uid: string }[] };
    assert.deepEqual(
      ownerReferences.map(({ uid }) => uid),
      [kitchenUid],
    );
  });

  it('keeps the running template byte for byte until the zone’s turn comes', () => {
    const running: JsonObject = {
      spec: { containers: [{ name: 'grill', image: 'example.org/grill:0', stdin: false }] },
    };
    const old = after(snapshot, deployment('zone-b', { template: running, templateHash: 'old', defaults: 'v0' }));
    const intent = intentIn(old, 'asItRuns');
    assert.equal((intent.body['spec'] as JsonObject)['template'], running);
    assert.equal(annotationOf(intent, 'kitchen.dev/template'), 'old');
    assert.equal(annotationOf(intent, 'kitchen.dev/defaults'), 'v0');
    assert.notDeepEqual(specIn(old, 'newest')['template'], running);
  });

  it('waits for pods to be Ready for a while only where its template has defaults that say so', () => {
    for (const [version, seconds] of [
      ['v1', undefined],
      ['v2', 3],
      ['v3', 3],
      ['v99', undefined],
    ] as const) {
      const of = after(
        snapshot,
        deployment('zone-a', { defaults: version }),
        deployment('zone-b', { defaults: version }),
      );
      assert.equal(specIn(of)['minReadySeconds'], seconds, version);
    }
  });

  it('keeps a running template without a noted version of defaults', () => {
    const old = after(snapshot, deployment('zone-b', { template: {}, templateHash: 'old', defaults: undefined }));
    assert.equal(annotationOf(intentIn(old, 'asItRuns'), 'kitchen.dev/defaults'), '');
  });

  it('takes the newest template if it is not known what runs', () => {
    const unknown = after(snapshot, deployment('zone-b', { templateHash: undefined }));
    assert.deepEqual(specIn(unknown, 'asItRuns'), specIn(snapshot, 'newest'));
  });

  it('keeps the version of defaults for as long as the user’s template is the same, in all zones', () => {
    const older = after(
      snapshot,
      deployment('zone-a', { defaults: 'v0' }),
      deployment('zone-b', { templateHash: 'old' }),
    );
    assert.equal(annotationOf(intentIn(older), 'kitchen.dev/defaults'), 'v0');
    const changed = after(older, spec({ template: newTemplate }));
    assert.equal(annotationOf(intentIn(changed), 'kitchen.dev/defaults'), NEWEST_DEFAULTS);
  });

  const good = { revision: '1', hash: 'old', defaults: 'v0', replicaSet: 'rs1', isProven: true };
  const failure: RolloutFailure = { reason: 'NotStarting', words: '1 pod does not start' };
  const backTo = { backTo: good, failed: { hash: 'bad', failure } };
  const notes = (intent: ReturnType<typeof deploymentIntent>): readonly (string | undefined)[] =>
    ['good-template', 'bad-template', 'failure'].map((key) => annotationOf(intent, `kitchen.dev/${key}`));

  it('notes nothing of rollouts where there was none, so that an upgrade writes no Deployment', () => {
    assert.deepEqual(notes(intentIn(snapshot, 'asItRuns')), [undefined, undefined, undefined]);
  });

  it('notes with a new template what was good, and forgets with it what failed', () => {
    const failed = after(snapshot, deployment('zone-b', { badTemplate: 'bad', failure }));
    const intent = deploymentIntent(failed, failed.zones[0]!, { replicas: 4, template: 'newest', good });
    assert.deepEqual(notes(intent), [JSON.stringify(good), undefined, undefined]);
  });

  it('keeps these notes while the zone grows, and what failed only for as long as it is wanted', () => {
    const { hash } = userTemplate(newTemplate, undefined);
    const noted = after(
      snapshot,
      spec({ template: newTemplate }),
      deployment('zone-b', { good, badTemplate: hash, failure }),
    );
    assert.deepEqual(notes(intentIn(noted, 'asItRuns')), [JSON.stringify(good), hash, JSON.stringify(failure)]);
    const silent = after(noted, deployment('zone-b', { failure: undefined }));
    assert.deepEqual(notes(intentIn(silent, 'asItRuns')), [JSON.stringify(good), hash, undefined]);
    const wantsAnother = after(noted, spec({ template: otherTemplate }));
    assert.deepEqual(notes(intentIn(wantsAnother, 'asItRuns')), [JSON.stringify(good), undefined, undefined]);
  });

  it('goes back to a good template without its body, and notes what failed', () => {
    const intent = deploymentIntent(snapshot, snapshot.zones[0]!, { replicas: 4, template: backTo });
    assert.deepEqual((intent.body['spec'] as JsonObject)['template'], {});
    assert.equal(annotationOf(intent, 'kitchen.dev/template'), 'old');
    assert.equal(annotationOf(intent, 'kitchen.dev/defaults'), 'v0');
    assert.deepEqual(notes(intent), [undefined, 'bad', JSON.stringify(failure)]);
  });

  it('gives the newest template the defaults that it had when it ran last', () => {
    const { hash } = userTemplate(newTemplate, undefined);
    const ranBefore = after(
      snapshot,
      spec({ template: newTemplate }),
      deployment('zone-b', { good: { ...good, hash }, templateHash: 'between' }),
    );
    assert.equal(annotationOf(intentIn(ranBefore), 'kitchen.dev/defaults'), 'v0');
  });

  it('makes a Deployment again from the good template of another zone when the newest one failed', () => {
    const { hash } = userTemplate(newTemplate, undefined);
    const bare = after(
      snapshot,
      spec({ template: newTemplate }),
      deployment('zone-a', { badTemplate: hash }),
      zone('zone-b', (each) => ({ ...each, deployment: { state: 'absent' } })),
    );
    assert.deepEqual(
      annotationOf(intentIn(bare, 'asItRuns'), 'kitchen.dev/template'),
      ours(snapshot.zones[0]!.deployment)?.templateHash,
    );
    const untried = after(bare, deployment('zone-a', { badTemplate: undefined }));
    assert.equal(annotationOf(intentIn(untried, 'asItRuns'), 'kitchen.dev/template'), hash);
    const anywhere = after(
      bare,
      zone('zone-b', (each) => ({ ...each, name: ANYWHERE })),
    );
    assert.equal(annotationOf(intentIn(anywhere, 'asItRuns'), 'kitchen.dev/template'), hash);
  });

  it('has a hash that template and notes change, and nothing else', () => {
    const hash = (of: Snapshot, replicas = 4): string | undefined =>
      annotationOf(deploymentIntent(of, of.zones[0]!, { replicas, template: 'newest' }), 'kitchen.dev/intent');
    assert.equal(hash(snapshot, 5), hash(snapshot, 4));
    assert.equal(hash(after(snapshot, spec({ replicas: 7 }))), hash(snapshot));
    assert.notEqual(hash(after(snapshot, spec({ template: newTemplate }))), hash(snapshot));
    assert.equal(
      hash(after(snapshot, spec({ paused: true, survive: { pods: 5, nodes: 0, zones: 0 } }))),
      hash(snapshot),
    );
  });
});

describe('runsNewestTemplate', () => {
  it('tells a Deployment made from the user’s template of now', () => {
    const view = ours(settled(snapshot).zones[0]!.deployment)!;
    assert.equal(runsNewestTemplate(snapshot, view), true);
    assert.equal(runsNewestTemplate(after(snapshot, spec({ template: newTemplate })), view), false);
    assert.equal(runsNewestTemplate({ ...snapshot, restartedAt: '2026-01-02T03:04:05Z' }, view), false);
  });
});
