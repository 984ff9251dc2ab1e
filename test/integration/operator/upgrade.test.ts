import assert from 'node:assert/strict';
import { annotations } from '../../../operator/api/labels.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { NEWEST_DEFAULTS } from '../../../operator/plan/children/defaults.ts';
import { aKitchen, aStation, newImage } from './kitchens.ts';
import * as newer from './newerDefaults.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

interface Deployment extends KubeObject {
  readonly spec: { readonly template: { readonly spec: { readonly enableServiceLinks?: boolean } } };
}

const survive = { zones: 1 };
const grill = { name: 'grill', replicas: 6 };

describe('an operator with newer defaults', function () {
  this.timeout(900_000);
  let stage: Stage;
  let operator: OperatorProcess;

  before(async () => {
    stage = await openStage({ nodes: 1 });
    operator = await stage.operator();
    await stage.apply(aKitchen('pizzeria', { survive, stations: [aStation(grill)] }));
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  /** Version of defaults and the field that the newer ones set, Deployment by Deployment. */
  const defaults = async (): Promise<readonly unknown[]> =>
    (await stage.list<Deployment>(deployments)).map(({ metadata, spec }) => [
      metadata.annotations?.[annotations.defaults],
      spec.template.spec.enableServiceLinks,
    ]);
  const three = (each: unknown): readonly unknown[] => [each, each, each];

  it('takes over without replacing a pod, also when it has more to do', async () => {
    assert.deepEqual(await defaults(), three([NEWEST_DEFAULTS, undefined]));
    const before = new Set(stage.census.running('pizzeria-grill').map(({ uid }) => uid));
    assert.equal(before.size, 9);
    await operator.stop('SIGTERM');
    const watching = stage.census.begin('pizzeria-grill');
    await stage.operator('upgraded', 'test/integration/operator/upgraded.ts');
    await stage.apply(aKitchen('pizzeria', { survive, stations: [aStation({ ...grill, replicas: 8 })] }));
    await stage.settled('pizzeria');
    const now = stage.census.running('pizzeria-grill').map(({ uid }) => uid);
    assert.equal(now.length, 12);
    assert.equal(now.filter((uid) => before.has(uid)).length, 9);
    assert.equal(watching.made(), 3);
    assert.deepEqual(await defaults(), three([NEWEST_DEFAULTS, undefined]));
  });

  it('brings the newer defaults with the next change of the template', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(
      aKitchen('pizzeria', { survive, stations: [aStation({ ...grill, replicas: 8, image: newImage })] }),
    );
    await stage.until('every zone has them', async () => {
      assert.deepEqual(await defaults(), three([newer.NEWEST_DEFAULTS, false]));
    });
    await stage.settled('pizzeria');
    assert.ok(watching.least() >= 8, `it fell to ${watching.least()}`);
    assert.equal(watching.made(), 12);
  });
});
