import assert from 'node:assert/strict';
import type { Kitchen } from '../../../operator/api/kitchen.ts';
import type { Station } from '../../../operator/api/station.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { events } from '../../../operator/api/kubernetes/resource.ts';
import { stations } from '../../../operator/api/resources.ts';
import type { SeenPod } from './census.ts';
import { aKitchen, aStation, newImage } from './kitchens.ts';
import { deploymentsOf, holds } from './said.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

const badImage = 'registry.k8s.io/pause:bad';
const isBad = ({ image }: SeenPod): boolean => image === badImage;
const words = /zone-[abc]: 1 pod does not start: ImagePullBackOff: Back-off pulling image "registry.k8s.io\/pause:bad"/;

describe('a template whose image is not to be had', function () {
  this.timeout(900_000);
  let stage: Stage;
  let operator: OperatorProcess;

  const grill = (over: object = {}): Kitchen =>
    aKitchen('pizzeria', { survive: { zones: 1 }, stations: [aStation({ replicas: 6, ...over })] });
  const stand = (over: object = {}): Kitchen =>
    aKitchen('stand', { zones: ['zone-a'], stations: [aStation({ replicas: 3, ...over })] });
  const snack = (over: object = {}): Kitchen => aKitchen('snack', { stations: [aStation({ replicas: 3, ...over })] });
  const statusOf = async (name: string): Promise<Station> => stage.get<Station & KubeObject>(stations, name);
  const uidsOf = (station: string): readonly string[] =>
    stage.census
      .pods(station)
      .map(({ uid }) => uid)
      .toSorted();

  before(async () => {
    stage = await openStage();
    operator = await stage.operator();
    await stage.apply(grill(), stand(), snack());
    for (const kitchen of ['pizzeria', 'stand', 'snack']) await stage.settled(kitchen);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  async function failed(station: string): Promise<void> {
    await stage.until(`the rollout of ${station} is called failed, and its pods are gone`, async () => {
      const found = await statusOf(station);
      assert.match(holds(found, 'RolloutFailed', { status: 'True', reason: 'NotStarting' }), words);
      assert.match(holds(found, 'Ready', { status: 'False', reason: 'RolloutFailed' }), words);
      holds(found, 'Available', { status: 'True' });
      holds(found, 'Progressing', { status: 'False' });
      assert.deepEqual(stage.census.pods(station).filter(isBad), []);
    });
  }

  it('stops in its first zone, which goes back to the very pods that it had, also where it is the only one', async () => {
    const before = new Map(['pizzeria-grill', 'stand-grill'].map((station) => [station, uidsOf(station)]));
    const watching = new Map([...before.keys()].map((station) => [station, stage.census.begin(station)]));
    await stage.apply(grill({ image: badImage }), stand({ image: badImage }));
    for (const [station, uids] of before) {
      await failed(station);
      assert.deepEqual(uidsOf(station), uids);
      assert.equal(watching.get(station)?.least(), uids.length);
      assert.equal(watching.get(station)?.made(), 1);
    }
    const told = await stage.list<KubeObject & { reason: string; type: string; note: string }>(events);
    const warned = told.filter(({ type, reason }) => type === 'Warning' && reason === 'NotStarting');
    assert.ok(warned.some(({ note }) => words.test(note)));
    assert.ok(told.some(({ reason, note }) => reason === 'ZoneRolledBack' && /^roll back zone-[abc]: /.test(note)));
  });

  it('is known as bad to the next operator, which grows what is good', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await operator.stop('SIGKILL');
    operator = await stage.operator('next');
    await stage.apply(grill({ image: badImage, replicas: 8 }));
    await stage.until('it serves more', async () => {
      assert.equal(stage.census.running('pizzeria-grill').length, 12);
      holds(await statusOf('pizzeria-grill'), 'RolloutFailed', { status: 'True' });
    });
    assert.equal(watching.made(isBad), 0);
    assert.equal(watching.made(), 3);
    assert.deepEqual(
      (await deploymentsOf(stage, 'pizzeria-grill')).map(([, replicas]) => replicas),
      [4, 4, 4],
    );
  });

  it('makes way for a template that works, which goes out to all zones', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    await stage.apply(grill({ image: newImage, replicas: 8 }), stand({ image: newImage }));
    await stage.settled('pizzeria');
    await stage.settled('stand');
    for (const station of ['pizzeria-grill', 'stand-grill']) {
      const images = new Set(stage.census.running(station).map(({ image }) => image));
      assert.deepEqual([...images], [newImage]);
    }
    assert.ok(watching.least() >= 8, `it fell to ${watching.least()}`);
    assert.equal(watching.made(isBad), 0);
  });

  it('makes way at once while it is half out', async () => {
    const watching = stage.census.begin('snack-grill');
    await stage.apply(snack({ image: badImage }));
    await stage.until('a bad pod is there', () =>
      assert.equal(stage.census.pods('snack-grill').filter(isBad).length, 1),
    );
    await stage.apply(snack({ image: newImage }));
    await stage.settled('snack');
    const { status } = await statusOf('snack-grill');
    const done = (status?.decisions ?? []).map(({ what }) => what);
    assert.ok(!done.some((what) => what.startsWith('roll back')), `it was waited for: ${done.join('; ')}`);
    await stage.until('every pod is a new one', () => {
      const images = stage.census.running('snack-grill').map(({ image }) => image);
      assert.deepEqual([...new Set(images)], [newImage]);
    });
    assert.ok(watching.least() >= 3, `it fell to ${watching.least()}`);
    assert.equal(watching.made(isBad), 1);
  });

  it('is named with what is wrong where it is the first one, and makes way too', async () => {
    const oven = (image: string): Kitchen =>
      aKitchen('corner', { stations: [aStation({ name: 'oven', replicas: 2, image })] });
    await stage.apply(oven(badImage));
    await stage.until('it says what is wrong', async () => {
      const said = holds(await statusOf('corner-oven'), 'Ready', { status: 'False', reason: 'NotAvailable' });
      assert.match(said, /^0 ready, demand is 2; 3 of its pods do not start: ImagePullBackOff: Back-off pulling image/);
    });
    await stage.apply(oven(newImage));
    await stage.settled('corner');
  });
});
