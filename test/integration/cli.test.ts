import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { bundle } from '../../tools/build.ts';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';
import { isReady } from '../../tools/cluster/nodes.ts';
import type { PodObject } from '../../tools/cluster/nodes.ts';

const root = join(import.meta.dirname, '..', '..');
const sample = join(root, 'manifests/samples/pizzeria.yaml');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Pod = PodObject & {
  readonly metadata: {
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
  };
};

describe('kubectl kitchen', function () {
  this.timeout(600_000);
  let cluster: Cluster;
  let env: NodeJS.ProcessEnv;

  before(async function () {
    // The first start on a machine may have to build the binaries.
    this.timeout(30 * 60_000);
    cluster = await startCluster({ zones: 3, nodes: 2, podStartMs: 200 });
    const bin = join(cluster.dir, 'bin');
    await bundle(bin, ['kubectl-kitchen']);
    await symlink('kubectl-kitchen.js', join(bin, 'kubectl-kitchen'));
    // kubectl runs `kubectl-kitchen` from PATH, and that asks for `node`, which is to be this one.
    await symlink(process.execPath, join(bin, 'node'));
    env = {
      PATH: [bin, process.env['PATH']].join(delimiter),
      HOME: cluster.dir,
      KUBECONFIG: cluster.kubeconfig,
      NO_COLOR: '1',
    };
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  async function kubectl(args: readonly string[], input = ''): Promise<Ended> {
    const child = spawn(cluster.bin.kubectl, args, { env, cwd: root, timeout: 60_000 });
    child.stdin.end(input);
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [stdout, stderr, code] = await Promise.all([readText(child.stdout), readText(child.stderr), exit]);
    return { code, stdout, stderr };
  }
  const kitchen = (...args: readonly string[]): Promise<Ended> => kubectl(['kitchen', ...args]);

  /** Every object but what Kubernetes itself renews all the time, with its version. */
  async function everything(): Promise<readonly string[]> {
    const paths = [
      '/apis/kitchen.dev/v1alpha1/kitchens',
      '/apis/kitchen.dev/v1alpha1/stations',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/replicasets',
      '/api/v1/pods',
      '/api/v1/services',
      '/apis/policy/v1/poddisruptionbudgets',
    ];
    const lists = await Promise.all(
      paths.map((path) =>
        cluster.api.call<{ items: { metadata: { uid: string; resourceVersion: string } }[] }>('GET', path),
      ),
    );
    return lists.flatMap(({ items }) => items.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`));
  }

  async function pods(station: string): Promise<readonly Pod[]> {
    const selector = encodeURIComponent(`kitchen.dev/station=${station}`);
    const path = `/api/v1/namespaces/default/pods?labelSelector=${selector}`;
    return (await cluster.api.call<{ items: Pod[] }>('GET', path)).items;
  }
  const serving = (all: readonly Pod[]): readonly Pod[] =>
    all.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);

  describe('before the operator is there', () => {
    it('says how to get it', async () => {
      const { code, stderr } = await kitchen('why', 'grill');
      assert.equal(code, 1);
      assert.match(stderr, /this cluster knows no Stations: install the operator first/);
    });

    it('can plan already', async () => {
      const { code, stdout, stderr } = await kitchen('plan', '-f', sample);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^ {2}grill +6 +9 +0 +1 zone or 1 pod +3 +3 +3 +\+3 +300m +192Mi$/m);
    });
  });

  describe('beside the operator', () => {
    before(async () => {
      assert.equal((await kubectl(['apply', '--server-side', '-f', 'crds'])).code, 0);
      assert.equal((await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', 'crds'])).code, 0);
      const args = [join(root, 'operator/main.ts'), '--kubeconfig', cluster.kubeconfig, '--listen', 'off'];
      cluster.processes.start({ name: 'operator', command: process.execPath, args });
      assert.equal((await kubectl(['apply', '--server-side', '-f', sample])).code, 0);
      await Promise.race([settled(), cluster.processes.failureOf('operator')]);
    });

    /** Everything runs, and the operator has nothing left to do or to tell. */
    async function settled(): Promise<void> {
      const done = ['grill', 'oven', 'till'].map((station) => `station/pizzeria-${station}`);
      await eventually(
        async () => (await kubectl(['wait', '--for=condition=Ready', '--timeout=20s', ...done])).code === 0,
      );
      await eventually(async () => {
        const before = await everything();
        // Deployments count their pods 3 s after these are Ready.
        await pause(4_000);
        return JSON.stringify(before) === JSON.stringify(await everything());
      });
    }

    it('why: tells what holds, where the pods are, what was decided and what it costs', async () => {
      const { code, stdout, stderr } = await kitchen('why', 'grill');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Station default\/pizzeria-grill: demand 6, target 9, ready 9, survives 1 zone/);
      assert.match(stdout, /^ {2}✓ {2}Ready +True /m);
      assert.match(stdout, /^ {2}zone-b +Live +3 +3$/m);
      assert.match(stdout, /^Decided, newest first\n {2}20\d\d-\S+Z +\S+ +\S.*: \S/m);
      assert.match(stdout, /^ {2}3 pods beyond demand ask for 300m CPU and 192Mi memory$/m);
    });

    it('why: names the stations there are when it is asked for another', async () => {
      const { code, stderr } = await kitchen('why', 'gril');
      assert.equal(code, 1);
      assert.match(
        stderr,
        /no station "gril" in namespace default; there are pizzeria-grill, pizzeria-oven, pizzeria-till/,
      );
    });

    it('why: looks into the namespace it is told', async () => {
      const { code, stderr } = await kitchen('why', 'grill', '-n', 'kube-system');
      assert.equal(code, 1);
      assert.match(stderr, /no station "grill" in namespace kube-system; there is none/);
    });

    it('plan: shows what a change would lead to beside what runs, and writes nothing', async () => {
      const text = await readFile(sample, 'utf8');
      const before = await everything();
      const { code, stdout, stderr } = await kubectl(
        ['kitchen', 'plan', '-f', '-'],
        text.replace('replicas: 6', 'replicas: 8'),
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Kitchen default\/pizzeria, planned against the live cluster; nothing is written$/m);
      assert.match(stdout, /^ {2}grill +8 +12 +9 +1 zone or 1 pod +4 +4 +4 +\+4 +400m +256Mi$/m);
      assert.match(stdout, /^ {2}oven +4 +6 +6 /m);
      assert.deepEqual(await everything(), before);
    });

    it('plan: names every problem of a file with its place, and writes nothing', async () => {
      const text = await readFile(sample, 'utf8');
      const file = join(cluster.dir, 'typos.yaml');
      await writeFile(
        file,
        text.replace('survive:', 'surive:').replace('replicas: 6', 'replicsa: 6').replace('name: oven', 'name: Oven'),
      );
      const before = await everything();
      const { code, stdout, stderr } = await kitchen('plan', '-f', file);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /typos\.yaml has mistakes:\nKitchen pizzeria:\n/);
      assert.match(stderr, /^ {2}spec: .*"surive"$/m);
      assert.match(stderr, /^ {2}spec\.stations\[0\]: .*"replicsa"$/m);
      assert.match(stderr, /^ {2}spec\.stations\[1\]\.name: /m);
      assert.deepEqual(await everything(), before);
    });

    it('plan: passes on what the API server has against the pods, and writes nothing', async () => {
      const text = await readFile(sample, 'utf8');
      const file = join(cluster.dir, 'refused.yaml');
      const renamed = text.replace('name: pizzeria', 'name: bistro');
      await writeFile(file, renamed.replace('image: registry.k8s.io/pause:3.10', 'imagge: registry.k8s.io/pause:3.10'));
      const before = await everything();
      const { code, stdout, stderr } = await kitchen('plan', '-f', file);
      assert.equal(code, 1);
      assert.equal(stderr, '');
      assert.match(stdout, /^ {2}grill +6 +9 +0 /m);
      assert.match(stdout, /^✗ grill: the API server refuses its pods: .*imagge/m);
      assert.doesNotMatch(stdout, /✗ oven/);
      assert.deepEqual(await everything(), before);
    });

    it('restart: makes every pod anew, zone by zone, and never serves less than demand', async () => {
      const old = new Set((await pods('grill')).map(({ metadata }) => metadata.uid));
      const { code, stdout, stderr } = await kitchen('restart', 'pizzeria-grill');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^station\.kitchen\.dev\/pizzeria-grill restarts zone by zone; kubectl kitchen why/);
      let least = Infinity;
      await eventually(async () => {
        const all = await pods('grill');
        least = Math.min(least, serving(all).length);
        const fresh = serving(all).filter(({ metadata }) => !old.has(metadata.uid));
        return fresh.length === 9 && all.length === 9;
      });
      assert.ok(least >= 6, `${least} served`);
      const made = (await pods('grill'))
        .map(({ metadata }) => ({ at: metadata.creationTimestamp, zone: metadata.labels['kitchen.dev/zone'] }))
        .toSorted((a, b) => a.at.localeCompare(b.at));
      const turns = made.map(({ zone }) => zone).filter((zone, at, all) => zone !== all[at - 1]);
      assert.equal(turns.length, 3, `one zone after another: ${JSON.stringify(made)}`);
      await settled();
    });
  });
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 180_000;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'did not come true within 180 s');
    await pause(50);
  }
}
