import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { kitchens, stations } from '../../../operator/api/resources.ts';
import { repository } from '../../../tools/generate/helm.ts';
import type { SeenPod } from './census.ts';
import { aKitchen, aStation, newImage } from './kitchens.ts';
import { holds } from './said.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const survive = { zones: 1 };
const grill = { name: 'grill', replicas: 6 };
const till = { name: 'till', replicas: 1 };
const pizzeria = (grillOver: object = {}, tillOver: object = {}): Kitchen =>
  aKitchen('pizzeria', {
    survive,
    stations: [aStation({ ...grill, ...grillOver }), aStation({ ...till, ...tillOver })],
  });
/** More asked for than is allowed: only the API server can tell, and only of a Deployment. */
const impossible = { requests: { cpu: '2' }, limits: { cpu: '1' } };

describe('a new template', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage();
    await stage.operator();
    await stage.apply(pizzeria());
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  /** Follows how many zones have old and new pods side by side, by what tells them apart. */
  function mixedZones(): { readonly look: (pods: readonly SeenPod[]) => void; readonly most: () => number } {
    const old = new Set(stage.census.pods('pizzeria-grill').map(({ uid }) => uid));
    let most = 0;
    const look = (pods: readonly SeenPod[]): void => {
      const alive = pods.filter(({ deleting }) => !deleting);
      const zonesOf = (isOld: boolean): Set<string> =>
        new Set(alive.filter(({ uid }) => old.has(uid) === isOld).map(({ zone }) => zone));
      most = Math.max(most, zonesOf(true).intersection(zonesOf(false)).size);
    };
    return { look, most: () => most };
  }

  async function replaced(act: () => Promise<unknown>): Promise<void> {
    const before = new Set(stage.census.running('pizzeria-grill').map(({ uid }) => uid));
    const mixed = mixedZones();
    const watching = stage.census.begin('pizzeria-grill', mixed.look);
    await act();
    await stage.until('every pod is a new one', () => {
      const now = stage.census.running('pizzeria-grill');
      assert.equal(now.filter(({ uid }) => before.has(uid)).length, 0);
      assert.equal(now.length, 9);
    });
    await stage.settled('pizzeria');
    assert.ok(watching.least() >= 6, `it fell to ${watching.least()}`);
    assert.equal(watching.made(), 9);
    assert.equal(mixed.most(), 1);
  }

  it('goes out zone by zone, one at a time and never below demand', async () => {
    await replaced(() => stage.apply(pizzeria({ image: newImage })));
    const images = new Set(stage.census.running('pizzeria-grill').map(({ image }) => image));
    assert.deepEqual([...images], [newImage]);
  });

  it('is what kubectl kitchen restart asks for', async () => {
    const plugin = join(stage.cluster.dir, 'kubectl-kitchen');
    await writeFile(
      plugin,
      `#!/bin/sh\nexec "${process.execPath}" "${join(repository, 'operator/cli/main.ts')}" "$@"\n`,
    );
    await chmod(plugin, 0o700);
    await replaced(() => stage.kubectl('kitchen', 'restart', 'grill'));
  });

  it('that the API server refuses stops nothing that runs, is named by a condition, and holds up no other station', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(pizzeria({ image: newImage, resources: impossible }, { image: newImage }));
    const why = /rolling pizzeria-grill out to zone-[abc]: .*containers\[0\]\.resources\.requests: Invalid value: "2"/;
    await stage.until('a condition says what is wrong', async () => {
      const { status, metadata } = await stage.get<Station & KubeObject>(stations, 'pizzeria-grill');
      assert.equal(status?.observedGeneration, metadata.generation);
      assert.match(holds({ status }, 'Ready', { status: 'False', reason: 'Refused' }), why);
      holds({ status }, 'Available', { status: 'True' });
      const kitchen = await stage.get<Kitchen & KubeObject>(kitchens, 'pizzeria');
      assert.match(holds(kitchen, 'Ready', { status: 'False' }), why);
    });
    await stage.until('the other station has its new template', async () => {
      const now = stage.census.running('pizzeria-till');
      assert.ok(now.length > 1 && now.every(({ image }) => image === newImage), JSON.stringify(now));
      const { status } = await stage.get<Station & KubeObject>(stations, 'pizzeria-till');
      holds({ status }, 'Ready', { status: 'True' });
    });
    assert.deepEqual([watching.least(), watching.made()], [9, 0]);
  });

  it('that was refused does not keep its station from growing', async () => {
    await stage.apply(pizzeria({ image: newImage, resources: impossible, replicas: 8 }, { image: newImage }));
    await stage.until('the station serves more', () => assert.equal(stage.census.running('pizzeria-grill').length, 12));
  });

  it('that was refused goes out once it is put right', async () => {
    await stage.apply(pizzeria({ resources: { requests: { cpu: '1' }, limits: { cpu: '1' } } }));
    await stage.settled('pizzeria');
    const running = stage.census.running('pizzeria-grill');
    assert.ok(
      running.every(({ image }) => image !== newImage),
      JSON.stringify(running),
    );
  });

  it('of a station that was never served is refused in the same words, and the others are served', async () => {
    const broken = aStation({ name: 'oven', replicas: 2, resources: impossible });
    await stage.apply(aKitchen('corner', { stations: [broken, aStation({ name: 'bar', replicas: 1 })] }));
    await stage.until('one is served and one refused', async () => {
      const oven = await stage.get<Station & KubeObject>(stations, 'corner-oven');
      assert.match(
        holds(oven, 'Ready', { status: 'False', reason: 'Refused' }),
        /containers\[0\]\.resources\.requests/,
      );
      holds(await stage.get<Station & KubeObject>(stations, 'corner-bar'), 'Ready', { status: 'True' });
      assert.deepEqual([stage.census.pods('corner-oven').length, stage.census.running('corner-bar').length], [0, 2]);
    });
  });
});
