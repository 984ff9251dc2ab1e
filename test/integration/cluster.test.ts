import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive as processRuns } from '../../tools/cluster/assets/lock.ts';
import { startCluster, type Cluster } from '../../tools/cluster/cluster.ts';
import { isReady, listNodes, reallyRunning, zoneOf, type PodObject } from '../../tools/cluster/nodes.ts';
import type { ProcessRecord } from '../../tools/cluster/supervisor.ts';

const run = promisify(execFile);

describe('a local control plane', function () {
  this.timeout(300_000);
  let cluster: Cluster;

  before(async function () {
    // The first start on a machine may have to build the binaries.
    this.timeout(30 * 60_000);
    cluster = await startCluster({ zones: 3, nodes: 2, podStartMs: 300, graceSeconds: 8, audit: true });
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const kubectl = async (args: string, kubeconfig = cluster.kubeconfig) =>
    (await run(cluster.bin.kubectl, ['--kubeconfig', kubeconfig, ...args.split(' ')])).stdout;
  const pods = async (app: string) =>
    (
      await cluster.api.call<{ items: PodObject[] }>(
        'GET',
        `/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`,
      )
    ).items;
  const nodeReady = async (name: string) =>
    (await listNodes(cluster.api)).some((node) => node.metadata.name === name && isReady(node));

  it('has ready nodes in zones', async () => {
    const nodes = await listNodes(cluster.api);
    assert.deepEqual(
      nodes.map((node) => [zoneOf(node), node.metadata.name, isReady(node)]),
      ['a', 'b', 'c'].flatMap((zone) => [1, 2].map((index) => [`zone-${zone}`, `zone-${zone}-${index}`, true])),
    );
  });

  it('runs the pods of a Deployment on its nodes', async () => {
    await kubectl('create deployment web --image=web:1 --replicas=6');
    await kubectl('rollout status deployment web --timeout=120s');
    const running = reallyRunning(await pods('web'), await listNodes(cluster.api));
    assert.equal(running.length, 6);
  });

  it('never runs a pod whose image cannot be pulled', async () => {
    await kubectl('create deployment bad --image=web:bad');
    await until(async () => (await kubectl('get pods -l app=bad')).includes('ImagePullBackOff'));
    assert.ok((await pods('bad')).every((pod) => !isReady(pod)));
  });

  it('lets a node die as a real one does, and live again', async () => {
    const victim = (await pods('web'))[0]!.spec.nodeName!;
    const there = async () => (await pods('web')).filter(({ spec }) => spec.nodeName === victim);
    const leaving = (await there())[0]!;
    assert.deepEqual(await cluster.kill('node', victim), [victim]);
    assert.ok(await nodeReady(victim), 'nobody has noticed yet');
    assert.equal(reallyRunning(await there(), await listNodes(cluster.api)).length, 0);
    await kubectl(`delete pod ${leaving.metadata.name} --wait=false`);
    await until(async () => !(await nodeReady(victim)));
    await until(async () => (await there()).every((pod) => !isReady(pod)));
    assert.ok(
      (await there()).some(({ metadata }) => metadata.deletionTimestamp !== undefined),
      'a dead kubelet ends no pod',
    );
    assert.deepEqual(await cluster.heal('node', victim), [victim]);
    await until(() => nodeReady(victim));
    await until(async () =>
      (await there()).every((pod) => isReady(pod) && pod.metadata.name !== leaving.metadata.name),
    );
  });

  it('starts no pod on a node that died while the pod was starting', async () => {
    const pod = {
      metadata: { name: 'slow', labels: { app: 'slow' }, annotations: { 'kitchen.dev/start': '15s' } },
      spec: { nodeName: 'zone-c-1', containers: [{ name: 'slow', image: 'slow:1' }] },
    };
    await cluster.api.call('POST', '/api/v1/namespaces/default/pods', pod);
    await until(async () => (await kubectl('get pods -l app=slow')).includes('ContainerCreating'));
    await cluster.kill('node', 'zone-c-1');
    await until(async () => (await readFile(`${cluster.dir}/kwok.log`, 'utf8')).includes('its node is dead'));
    await until(async () => !(await nodeReady('zone-c-1')));
    assert.equal((await pods('slow'))[0]?.status?.phase, 'Pending');
    await cluster.heal('node', 'zone-c-1');
    await until(async () => isReady((await pods('slow'))[0]!));
  });

  it('takes nodes in and lets them go', async () => {
    const name = await cluster.addNode('zone-d');
    assert.equal(name, 'zone-d-1');
    await until(() => nodeReady(name));
    await cluster.removeNode(name);
    await assert.rejects(cluster.kill('node', name), /there is no node zone-d-1; there are zone-a-1, zone-a-2, /);
  });

  it('starts no pod on a node whose name says so until the pod is told to', async () => {
    const mute = await cluster.addNode('mute-a', { labels: { mute: 'true' } });
    await until(() => nodeReady(mute));
    const pod = {
      metadata: { name: 'quiet', labels: { app: 'quiet' } },
      spec: { nodeSelector: { mute: 'true' }, containers: [{ name: 'quiet', image: 'quiet:1' }] },
    };
    await cluster.api.call('POST', '/api/v1/namespaces/default/pods', pod);
    await until(async () => (await pods('quiet'))[0]?.status?.phase === 'Running');
    assert.equal(isReady((await pods('quiet'))[0]!), false);
    await kubectl('annotate pod quiet kitchen.dev/never-ready=false');
    await until(async () => isReady((await pods('quiet'))[0]!));
    await cluster.removeNode(mute);
  });

  it('lets a service account do what its role says and nothing else', async () => {
    await kubectl('create serviceaccount reader');
    await kubectl('create role reader --verb=list --resource=pods');
    await kubectl('create rolebinding reader --role=reader --serviceaccount=default:reader');
    const kubeconfig = await cluster.kubeconfigFor({ namespace: 'default', serviceAccount: 'reader' });
    await until(async () => (await kubectl('auth can-i list pods', kubeconfig).catch(() => '')).startsWith('yes'));
    assert.match(await kubectl('get pods -l app=web', kubeconfig), /web-/);
    await assert.rejects(
      kubectl('get secrets', kubeconfig),
      /"system:serviceaccount:default:reader" cannot list resource "secrets"/,
    );
    assert.equal((await stat(kubeconfig)).mode & 0o777, 0o600);
  });

  it('logs who asked for what', async () => {
    const lines = (await readFile(cluster.auditLog, 'utf8')).trimEnd().split('\n');
    const events = lines.map(
      (line) => JSON.parse(line) as { user: { username: string }; verb: string; objectRef?: { resource: string } },
    );
    const denied = events.filter(({ user }) => user.username === 'system:serviceaccount:default:reader');
    assert.ok(denied.some(({ verb, objectRef }) => verb === 'list' && objectRef?.resource === 'secrets'));
  });

  it('carries on after its API server was killed', async () => {
    await cluster.restartApiServer('SIGKILL');
    await kubectl('scale deployment web --replicas=8');
    await until(async () => reallyRunning(await pods('web'), await listNodes(cluster.api)).length === 8);
  });

  it('runs beside another one, and leaves no process or file when it is disposed of', async () => {
    const other = await startCluster({ zones: 1, nodes: 1 });
    const records = JSON.parse(await readFile(`${other.dir}/processes.json`, 'utf8')) as ProcessRecord[];
    assert.equal(records.filter(({ pid }) => processRuns(pid)).length, 5);
    assert.equal((await listNodes(other.api)).length, 1);
    assert.equal((await listNodes(cluster.api)).length, 6);
    await other[Symbol.asyncDispose]();
    assert.ok(records.every(({ pid }) => !processRuns(pid)));
    await assert.rejects(access(other.dir), /ENOENT/);
  });
});

/** Polls until it holds; the test's own time-out ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}
