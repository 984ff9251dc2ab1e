import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { usualSigns } from '../../operator/observe/nodes/leavingSigns.ts';
import { readSettings } from '../../operator/run/settings.ts';

const run = promisify(execFile);

describe('the flags', () => {
  it('have defaults for a person at a terminal, and for a pod', () => {
    const settings = readSettings([], { isTTY: true });
    assert.deepEqual(settings, {
      kubeconfig: undefined,
      context: undefined,
      namespaces: [],
      namespaceSelector: undefined,
      leaderElect: false,
      leaderElectionNamespace: undefined,
      leaderElectionName: 'kitchen-operator',
      listen: { host: '127.0.0.1', port: 8080 },
      workers: 32,
      suspectAfterMs: 25_000,
      forgetZoneAfterMs: 21_600_000,
      leavingSigns: usualSigns,
      hub: undefined,
      scalePodMetrics: false,
      logLevel: 'info',
      logFormat: 'text',
    });
    assert.equal(readSettings([], {}).logFormat, 'json');
  });

  it('are read as the chart passes them', () => {
    const args = ['--leader-elect', '--leader-election-namespace=kitchens', '--listen=:8080', '--log-format=json'];
    const settings = readSettings(
      [...args, '--log-level=debug', '--namespace=a', '--namespace=b', '--namespace=a'],
      {},
    );
    assert.deepEqual(
      [settings.leaderElect, settings.leaderElectionNamespace, settings.logLevel, settings.namespaces],
      [true, 'kitchens', 'debug', ['a', 'b']],
    );
    assert.deepEqual(settings.listen, { host: undefined, port: 8080 });
  });

  it('choose namespaces by their labels', () => {
    const { namespaceSelector, leaderElectionName } = readSettings(
      ['--namespace-selector=kitchen.dev/shard notin (a, b)', '--leader-election-name=kitchens-rest'],
      {},
    );
    const expected = { key: 'kitchen.dev/shard', operator: 'NotIn', values: ['a', 'b'] };
    assert.deepEqual(namespaceSelector, { matchExpressions: [expected] });
    assert.equal(leaderElectionName, 'kitchens-rest');
  });

  it('take durations', () => {
    const { suspectAfterMs, forgetZoneAfterMs } = readSettings(['--suspect-after=25s', '--forget-zone-after=90m'], {});
    assert.deepEqual([suspectAfterMs, forgetZoneAfterMs], [25_000, 5_400_000]);
    assert.equal(readSettings(['--suspect-after', '15s'], {}).suspectAfterMs, 15_000);
  });

  it('add to the signs that a node is about to go', () => {
    const args = ['--leaving-taint=a/b', '--leaving-taint=c', '--leaving-condition', 'GoingSoon'];
    const { taints, conditions } = readSettings(args, {}).leavingSigns;
    for (const key of ['a/b', 'c', 'karpenter.sh/disrupted', 'cloud.google.com/impending-node-termination'])
      assert.ok(taints.has(key), key);
    assert.deepEqual(
      ['GoingSoon', 'DrainInProgress', 'Ready'].map((type) => conditions.has(type)),
      [true, true, false],
    );
  });

  it('say where hubs ask, and on which ports they listen', () => {
    const hubOf = (...args: readonly string[]): unknown => readSettings(['--hub-listen=:18000', ...args], {}).hub;
    const listen = { host: undefined, port: 18_000 };
    assert.deepEqual(hubOf(), { listen, ports: { first: 20_000, last: 29_999 }, anyNode: false });
    assert.deepEqual(hubOf('--hub-ports=16000-16999', '--hub-any-node'), {
      listen,
      ports: { first: 16_000, last: 16_999 },
      anyNode: true,
    });
  });

  it('let pods be asked for their metrics', () => {
    assert.equal(readSettings(['--scale-pod-metrics'], {}).scalePodMetrics, true);
  });

  it('can leave it to the cluster to find nodes lost', () => {
    for (const off of ['0', '0s'])
      assert.equal(readSettings([`--suspect-after=${off}`], {}).suspectAfterMs, undefined, off);
  });

  const refused: readonly (readonly [flag: string, why: RegExp])[] = [
    [
      '--hub-ports=14000-16000',
      /it is a range within 1024 to 32767, .* without 15000 to 15099, which service meshes use/,
    ],
    ['--hub-ports=80', /it is a range within 1024 to 32767, such as 20000-29999/],
    ['--hub-ports=30000-20000', /it is a range/],
    ['--hub-ports=18000-19500', /19000 to 19999, which hubs use themselves/],
    ['--hub-ports=30000-40000', /it is a range within 1024 to 32767/],
    ['--namespace-selector=shard in a', /'shard in a' is invalid\. "shard in a" .* is no label key: a key is letters/],
    ['--namespace-selector=', /it is empty: leave it out to select everything\. A selector is written as for kubectl/],
    [
      '--namespace-selector=a=b --namespace=c',
      /'--namespace-selector <selector>' cannot be used with option '--namespace/,
    ],
    [
      '--namespace-selector=a=b --leader-elect',
      /'--namespace-selector' with '--leader-elect' needs '--leader-election-name'/,
    ],
    ['--leader-election-name=Kitchen', /'Kitchen' is invalid\. it is the name of an object: lower-case letters/],
    ['--suspect-after=10s', /'10s' is invalid\. it is 0 or a duration of at least 15s, such as 25s/],
    ['--suspect-after=25', /'25' is invalid\. it is 0 or a duration of at least 15s/],
    ['--forget-zone-after=0s', /'0s' is invalid\. it is a duration, such as 6h/],
  ];
  for (const [flag, why] of refused) {
    it(`end the process with what is right instead: ${flag}`, async () => {
      const program =
        "import { readSettings } from './operator/run/settings.ts'; readSettings(process.argv.slice(1), {});";
      const running = run(process.execPath, ['--input-type=module', '--eval', program, '--', ...flag.split(/ (?=--)/)]);
      const failed: unknown = await running.catch((error: unknown) => error);
      assert.ok(failed instanceof Error && 'stderr' in failed, 'it ends with an error');
      assert.match(String(failed.stderr), why);
    });
  }

  it('can serve nowhere', () => {
    assert.equal(readSettings(['--listen', 'off'], {}).listen, undefined);
  });
});
