import assert from 'node:assert/strict';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { writesOf } from './audit.ts';
import { aKitchen, aStation, newImage } from './kitchens.ts';
import { deploymentsOf } from './said.ts';
import { openStage, operatorUser } from './stage.ts';
import type { Stage } from './stage.ts';

const deploymentController = 'system:serviceaccount:kube-system:deployment-controller';
const grill = { name: 'grill', replicas: 6 };

describe('a growth', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ nodes: 2, audit: true });
    await stage.operator();
    await demand(grill);
    assert.deepEqual(await told(), [3, 3, 3]);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  async function demand(station: Parameters<typeof aStation>[0]): Promise<void> {
    await stage.apply(aKitchen('pizzeria', { survive: { zones: 1 }, stations: [aStation(station)] }));
    await stage.settled('pizzeria');
  }
  const told = async (): Promise<readonly number[]> =>
    (await deploymentsOf(stage, 'pizzeria-grill')).map(([, replicas]) => replicas);
  const live = (): Promise<readonly KubeObject[]> => stage.list<KubeObject>(deployments);
  // A write that met a newer version changed nothing; on a busy machine Kubernetes has some.
  const writes = async (user: string, resource: string): Promise<readonly string[]> =>
    (await writesOf(user, stage.cluster.auditLog))
      .filter((line) => line.resource === resource && line.code < 300)
      .map(({ verb, path }) => `${verb} ${path}`);

  it('is one patch a zone, changes no annotation, and costs Kubernetes one write to the ReplicaSet', async () => {
    const noted = (await live()).map(({ metadata }) => metadata.annotations);
    const [ours, theirs] = [
      await writes(operatorUser, 'deployments'),
      await writes(deploymentController, 'replicasets'),
    ];
    await demand({ ...grill, replicas: 8 });
    assert.deepEqual(await told(), [4, 4, 4]);
    assert.deepEqual(
      (await live()).map(({ metadata }) => metadata.annotations),
      noted,
    );
    const grown = (await writes(operatorUser, 'deployments')).slice(ours.length);
    // An apply says `force`.
    assert.deepEqual(
      new Set(grown.map((line) => `${/zone-[abc]/.exec(line)?.[0]}${line.includes('force') ? ' by force' : ''}`)),
      new Set(['zone-a', 'zone-b', 'zone-c']),
    );
    assert.equal(grown.length, 3);
    assert.equal((await writes(deploymentController, 'replicasets')).length - theirs.length, 3);
  });

  it('is kept by the next apply, which takes nothing away', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await demand({ ...grill, replicas: 8, image: newImage });
    for (const zone of ['zone-a', 'zone-b', 'zone-c']) assert.deepEqual(watching.told(zone), [4], zone);
    assert.ok(watching.least() >= 12, `it fell to ${watching.least()}`);
  });

  it('takes the count back where another manager set it', async () => {
    await stage.kubectl('scale', 'deployment/pizzeria-grill-zone-a', '--replicas=2');
    await stage.until('the count is ours again', async () => {
      const { metadata } = await stage.get<KubeObject>(deployments, 'pizzeria-grill-zone-a');
      assert.deepEqual(await told(), [4, 4, 4]);
      const owners = (metadata.managedFields ?? []).filter(
        ({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
      );
      assert.deepEqual(
        owners.map(({ manager }) => manager),
        ['kitchen-operator'],
      );
    });
    await stage.settled('pizzeria');
  });
});
