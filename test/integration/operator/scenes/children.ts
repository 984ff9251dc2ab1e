import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../operator/api/kubernetes/object.ts';
import { services } from '../../../../operator/api/kubernetes/resource.ts';
import { goodImage, newImage } from '../kitchens.ts';
import { watchReached } from '../reached.ts';
import { holds } from '../said.ts';
import type { Ground, Scenes } from './scene.ts';

const to = (
  targetPort: number | string,
): { ports: [{ port: number; protocol: 'TCP'; targetPort: number | string }] } => ({
  ports: [{ port: 80, protocol: 'TCP', targetPort }],
});

async function targetOf(at: Ground): Promise<unknown> {
  const { spec } = await at.stage.get<KubeObject & { spec: { ports: { targetPort: unknown }[] } }>(
    services,
    at.station,
  );
  return spec.ports[0]?.targetPort;
}

/** Children that are changed together, or taken away. */
export const childScenes: Scenes = {
  'a port that is renamed in template and Service at once is led to all the time': {
    kitchen: 'renames',
    zones: { 'renames-a': 2, 'renames-b': 2, 'renames-c': 2 },
    play: async (at) => {
      const survive = { zones: 1 };
      const web = [{ name: 'web', containerPort: 8080 }];
      await at.serve({ replicas: 6, survive, image: goodImage, containerPorts: web, ...to('web') });
      using reached = await watchReached(at.stage.client, at.station);
      await at.until('all are reached', () => assert.equal(reached.now(), 9));
      const http = [{ name: 'http', containerPort: 8080 }];
      await at.serve({ image: newImage, containerPorts: http, ...to('http') });
      await at.until('the Service leads to the new name', async () => assert.equal(await targetOf(at), 'http'));
      assert.ok(reached.least() >= 6, `${reached.least()} were reached`);
      assert.ok(at.running().every(({ image }) => image === newImage));
    },
  },

  'numbers that old and new pods have not in common are held back, and go on with both for one rollout': {
    kitchen: 'numbers',
    zones: { 'numbers-a': 2, 'numbers-b': 2, 'numbers-c': 2 },
    play: async (at) => {
      const survive = { zones: 1 };
      const [old, fresh] = [{ containerPort: 8080 }, { containerPort: 9090 }];
      await at.serve({ replicas: 6, survive, image: goodImage, containerPorts: [old], ...to(8080) });
      using reached = await watchReached(at.stage.client, at.station);
      const watching = at.begin();
      await at.declare({ image: newImage, containerPorts: [fresh], ...to(9090) });
      await at.until('it is said', async () => {
        const status = await at.status();
        assert.match(
          holds({ status }, 'PortsNotServed', { status: 'True', reason: 'HoldsRollout' }),
          /8080 beside 9090/,
        );
        holds({ status }, 'Ready', { status: 'False', reason: 'Refused' });
      });
      assert.deepEqual([watching.made(), await targetOf(at)], [0, 8080]);
      await at.serve({ containerPorts: [old, fresh] });
      await at.until('the Service leads to the new number', async () => assert.equal(await targetOf(at), 9090));
      assert.ok(reached.least() >= 6, `${reached.least()} were reached`);
    },
  },

  'a Deployment whose deletion waits for a pod leaves its share to the others, and gets it back when it is gone': {
    kitchen: 'stuck',
    zones: { 'stuck-a': 2, 'stuck-b': 2 },
    play: async (at) => {
      await at.serve({ replicas: 6 });
      const [held] = at.running(({ zone }) => zone === 'stuck-a');
      assert.ok(held !== undefined);
      const finalizers = (list: readonly string[] | null): Promise<string> =>
        at.stage.kubectl(
          'patch',
          `pod/${held.name}`,
          '--type=merge',
          `-p={"metadata":{"finalizers":${JSON.stringify(list)}}}`,
        );
      await finalizers(['example.org/never']);
      await at.stage.kubectl('delete', 'deployment/stuck-grill-stuck-a', '--cascade=foreground', '--wait=false');
      await at.until('the others serve as many as demanded', () => {
        const elsewhere = at.running(({ zone }) => zone === 'stuck-b');
        assert.ok(elsewhere.length >= 6);
      });
      await at.until('it is said', async () => {
        const said = holds({ status: await at.status() }, 'ChildDeleting', {
          status: 'True',
          reason: 'WaitsForDeletion',
        });
        assert.match(said, new RegExp(`waits for pod ${held.name} \\(finalizer example.org/never\\)`));
      });
      await finalizers(null);
      await at.until('the zone has its share again', () => assert.ok(at.spread().every((pods) => pods >= 3)));
      await at.settled();
    },
  },
};
