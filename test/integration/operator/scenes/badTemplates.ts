import assert from 'node:assert/strict';
import type { SeenPod } from '../census.ts';
import { newImage } from '../kitchens.ts';
import { holds } from '../stage.ts';
import type { Ground, Scene, Scenes } from './scene.ts';

const badImage = 'registry.k8s.io/pause:bad';
const isBad = ({ image }: SeenPod): boolean => image === badImage;

/** Six pods; a bad image; growth; an image that works. */
const playBad = async (at: Ground): Promise<void> => {
  await at.serve({ replicas: 5 });
  const places = new Set<string>();
  const watching = at.stage.census.begin(at.station, (pods) =>
    pods.filter(isBad).forEach(({ zone }) => places.add(zone)),
  );
  await at.declare({ image: badImage });
  await at.until('the rollout is called failed, and its pods are gone', async () => {
    const status = await at.status();
    const said = holds({ status }, 'RolloutFailed', { status: 'True', reason: 'NotStarting' });
    assert.match(said, /ImagePullBackOff/);
    holds({ status }, 'Available', { status: 'True' });
    assert.deepEqual(at.stage.census.pods(at.station).filter(isBad), []);
  });
  assert.equal(places.size, 1, [...places].join(', '));
  const tried = watching.made(isBad);
  await at.declare({ replicas: 8 });
  await at.until('growth is of the good template', () => assert.equal(at.running().length, 9));
  assert.equal(watching.made(isBad), tried);
  holds({ status: await at.status() }, 'RolloutFailed', { status: 'True' });
  await at.declare({ image: newImage });
  await at.until('every pod has the new template', () => {
    assert.equal(at.running(({ image }) => image === newImage).length, 9);
    assert.equal(at.stage.census.pods(at.station).length, 9);
  });
  await at.settled();
  assert.equal(watching.made(isBad), tried);
  assert.ok(watching.least() >= 5, `it fell to ${watching.least()}`);
};

const scene = (kitchen: string, zones: Scene['zones']): Scene => ({ kitchen, zones, play: playBad });

/** Templates that never start. */
export const badTemplateScenes: Scenes = {
  'a bad image stops in its first zone, which gets the good template back, and is not tried again': scene('burnt', {
    'burnt-a': 1,
    'burnt-b': 1,
    'burnt-c': 1,
  }),
  'a bad image of a station with one zone is taken back, and is not tried again': scene('scorched', {
    'scorched-a': 2,
  }),
};
