import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { deployments } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { holds } from './said.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

type Template = Parameters<typeof aStation>[0];

/** Nobody has made it. */
const account: Template = { pod: { serviceAccountName: 'chef' } };
/** The kubelets of the local cluster admit no pod that has it. */
const rejected: Template = { annotations: { 'kitchen.dev/rejected': 'true' } };

describe('a template whose pods never come', function () {
  this.timeout(600_000);
  let stage: Stage;

  const pizzeria = (name: string, over: Template = {}): Kitchen =>
    aKitchen(name, { survive: { zones: 1 }, stations: [aStation({ replicas: 6, ...over })] });
  const uidsOf = (station: string): readonly string[] =>
    stage.census
      .running(station)
      .map(({ uid }) => uid)
      .toSorted();
  const revisions = async (kitchen: string): Promise<readonly string[]> => {
    const all = await stage.list<KubeObject>(deployments);
    const own = all.filter(({ metadata }) => metadata.labels?.['kitchen.dev/kitchen'] === kitchen);
    return own.map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '').toSorted();
  };

  before(async () => {
    stage = await openStage();
    await stage.operator();
    await stage.apply(pizzeria('refused'), pizzeria('rejected'));
    for (const kitchen of ['refused', 'rejected']) await stage.settled(kitchen);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const rows = [
    [
      'refused',
      account,
      'NotMade',
      /^zone-[abc]: its pods are refused: .*serviceaccount "chef" not found; it went back/,
    ],
    [
      'rejected',
      rejected,
      'Rejected',
      /^zone-[abc]: its pods end as Failed one after another: SysctlForbidden: .*; it went back/,
    ],
  ] as const;
  for (const [kitchen, over, reason, words] of rows) {
    it(`goes back in its first zone to the very pods that it had, and makes way: ${kitchen}`, async () => {
      const station = `${kitchen}-grill`;
      const before = uidsOf(station);
      const watching = stage.census.begin(station);
      await stage.apply(pizzeria(kitchen, over));
      await stage.until('the rollout is called failed, and nothing is under way', async () => {
        const found = await stage.get<Station & KubeObject>(stations, station);
        assert.match(holds(found, 'RolloutFailed', { status: 'True', reason }), words);
        holds(found, 'Available', { status: 'True' });
        holds(found, 'Progressing', { status: 'False' });
      });
      assert.deepEqual(uidsOf(station), before);
      assert.equal(watching.least(), before.length);
      assert.deepEqual(await revisions(kitchen), ['1', '1', '3']);
      await stage.apply(pizzeria(kitchen, { annotations: { menu: 'new' } }));
      await stage.settled(kitchen);
      assert.equal(new Set(uidsOf(station)).intersection(new Set(before)).size, 0);
    });
  }
});
