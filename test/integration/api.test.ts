import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldManagers, selectorText, stationSelector } from '../../operator/api/labels.ts';
import type { StationStatus } from '../../operator/api/station.ts';
import { podTemplateSchema } from '../../operator/api/structural.ts';
import type { OpenApi } from '../../operator/api/structural.ts';
import { refusedKitchens } from '../api/refusedKitchens.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';
import { startCluster } from '../../tools/cluster/cluster.ts';
import type { Cluster } from '../../tools/cluster/cluster.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const stations = '/apis/kitchen.dev/v1alpha1/namespaces/default/stations';

/** What the API server says where it has words of its own; elsewhere it says what `refusedKitchens` has. */
const ownWords: Readonly<Record<string, RegExp>> = {
  'no stations': /spec\.stations in body should have at least 1 items/,
  '65 stations': /spec\.stations: Too many: 65: must have at most 64 items/,
  'an unknown field': /unknown field "spec\.survives"/,
  'an unknown field of a station': /unknown field "spec\.stations\[0\]\.replica"/,
  'an unknown field of survive': /unknown field "spec\.survive\.racks"/,
  'a negative survive': /spec\.survive\.pods in body should be greater than or equal to 0/,
  'half a pod': /spec\.stations\[0\]\.replicas in body must be of type int/,
  'too many replicas': /spec\.stations\[0\]\.replicas in body should be less than or equal to 10000/,
  'a station name that is too long': /spec\.stations\[0\]\.name: Too long: may not be more than 40/,
  'no zone in the list of zones': /spec\.zones in body should have at least 1 items/,
  'a zone twice': /spec\.zones\[1\]: Duplicate value: "a"/,
  'a port beyond 65535': /ports\[0\]\.port in body should be less than or equal to 65535/,
  'a target port in words with no letter': /ports\[0\]\.targetPort in body should match/,
  'a least demand of none': /scale\.minReplicas in body should be greater than or equal to 1/,
  'no metric': /scale\.metrics in body should have at least 1 items/,
  'six metrics': /scale\.metrics: Too many: 6: must have at most 5 items/,
  'a metric of an unknown type': /metrics\[0\]\.type: Unsupported value: "Object": supported values: "Hub"/,
  'a target of 0': /averageValue in body should be greater than or equal to 1/,
  'a target of 0 as text': /averageValue in body should match/,
  'a tolerance that is no share': /scaleUp\.tolerance in body should match/,
  'a template without containers': /spec\.stations\[0\]\.template\.spec\.containers: Required value/,
  'another version': /version "v2" cannot be handled as a Kitchen/,
};

interface Answer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the API on a real API server', function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let crdsApplied: Answer;

  function kubectl(args: readonly string[], input = ''): Promise<Answer> {
    const whole = ['--kubeconfig', cluster.kubeconfig, '--cache-dir', join(cluster.dir, 'kubectl-cache'), ...args];
    return new Promise((resolve) => {
      const child = execFile(cluster.bin.kubectl, whole, { timeout: 30_000 }, (error, stdout, stderr) =>
        resolve({ ok: error === null, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  async function dryApply(object: unknown, ...flags: string[]): Promise<Answer> {
    return await kubectl(['apply', '--dry-run=server', ...flags, '-f', '-'], JSON.stringify(object));
  }

  before(async function () {
    this.timeout(900_000);
    cluster = await startCluster({ zones: 1, nodes: 1 });
    crdsApplied = await kubectl(['apply', '--server-side', '--warnings-as-errors', '-f', join(repository, 'crds')]);
    assert.ok(crdsApplied.ok, crdsApplied.stderr);
    const established = await kubectl([
      'wait',
      '--for=condition=Established',
      '--timeout=20s',
      '-f',
      join(repository, 'crds'),
    ]);
    assert.ok(established.ok, established.stderr);
  });

  after(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('takes both CRDs without a warning and as structural', async () => {
    assert.equal(crdsApplied.stderr, '');
    for (const name of ['kitchens.kitchen.dev', 'stations.kitchen.dev']) {
      const { stdout } = await kubectl(['get', 'crd', name, '-o', 'jsonpath={.status.conditions[*].type}']);
      assert.deepEqual(stdout.split(' ').sort(), ['Established', 'NamesAccepted']);
    }
  });

  it('takes every sample', async () => {
    for (const file of await readdir(join(repository, 'manifests/samples'))) {
      const path = join(repository, 'manifests/samples', file);
      const { ok, stderr } = await kubectl([
        'apply',
        '--server-side',
        '--dry-run=server',
        '--warnings-as-errors',
        '-f',
        path,
      ]);
      assert.ok(ok, `${file}: ${stderr}`);
    }
  });

  for (const flags of [[], ['--server-side']]) {
    it(`lets ${['kubectl apply', ...flags].join(' ')} take a pasted template as a Deployment would`, async () => {
      const { metadata, spec, ...kitchen } = aKitchen();
      const resources = { requests: { cpu: 0.5, memory: '64Mi' }, limits: { cpu: 1 } };
      const containers = [{ name: 'grill', image: 'example.org/grill:1', resources, env: null }];
      const template = { metadata: { creationTimestamp: null }, spec: { containers, nodeSelector: null } };
      const pasted = { ...spec, stations: [{ name: 'grill', template }] };
      const taken = await dryApply({ ...kitchen, metadata: { name: metadata.name }, spec: pasted }, ...flags);
      assert.ok(taken.ok, taken.stderr);
    });
  }

  it('refuses what is no quantity', async () => {
    for (const cpu of ['1 core', true, {}, { a: 1 }, [1]]) {
      const { metadata, spec, ...kitchen } = aKitchen();
      const containers = [{ name: 'grill', image: 'example.org/grill:1', resources: { requests: { cpu } } }];
      const stationList = [{ name: 'grill', template: { spec: { containers } } }];
      const { ok, stderr } = await dryApply({
        ...kitchen,
        metadata: { name: metadata.name },
        spec: { ...spec, stations: stationList },
      });
      assert.equal(ok, false, JSON.stringify(cpu));
      assert.match(stderr, /cpu/);
    }
  });

  for (const [what, value, , message] of refusedKitchens.filter(([, kitchen]) => kitchen !== null)) {
    it(`refuses ${what}`, async () => {
      const { metadata, ...rest } = value as ReturnType<typeof aKitchen>;
      const body = { ...rest, metadata: { name: metadata.name } };
      const path = '/apis/kitchen.dev/v1alpha1/namespaces/default/kitchens?dryRun=All&fieldValidation=Strict';
      await assert.rejects(cluster.api.call('POST', path, body), { message: ownWords[what] ?? message });
    });
  }

  for (const flags of [[], ['--server-side']]) {
    it(`lets ${['kubectl apply', ...flags].join(' ')} refuse a typo in a pod template, and name its place`, async () => {
      const { metadata, spec, ...kitchen } = aKitchen();
      const containers = [{ name: 'grill', image: 'example.org/grill:1', imagePullPolice: 'Always' }];
      const typo = { ...spec, stations: [{ name: 'grill', template: { spec: { containers } } }] };
      const { ok, stderr } = await dryApply({ ...kitchen, metadata: { name: metadata.name }, spec: typo }, ...flags);
      assert.equal(ok, false);
      assert.match(stderr, /spec\.stations\[.*\]\.template\.spec\.containers\[.*\]\.imagePullPolice/);
    });
  }

  it('lets kubectl explain answer names and types, down into the pod template', async () => {
    const { stdout } = await kubectl(['explain', 'kitchen.spec.stations.template.spec']);
    assert.match(stdout, /^ {2}containers\t<\[\]Object> -required-$/m);
    assert.match(stdout, /^ {2}nodeSelector\t<map\[string\]string>$/m);
    const deep = await kubectl(['explain', 'stn.spec.template.spec.containers.readinessProbe.httpGet']);
    assert.match(deep.stdout, /^ {2}path\t<string>$/m);
    const survive = await kubectl(['explain', 'kit.spec.survive.pods']);
    assert.match(survive.stdout, /FIELD: pods <integer>[^]*Default 1/);
  });

  it('has the pod template of this very API server', async () => {
    const document = await cluster.api.call<OpenApi>('GET', '/openapi/v3/api/v1');
    const checkedIn = await readFile(join(repository, 'operator/api/podtemplate.schema.json'), 'utf8');
    assert.deepEqual(podTemplateSchema(document), JSON.parse(checkedIn));
  });

  it('lets kubectl get a Kitchen by kind, short name and category', async () => {
    const smallest = join(repository, 'manifests/samples/smallest.yaml');
    assert.ok((await kubectl(['apply', '--server-side', '-f', smallest])).ok);
    for (const args of [['kitchen', 'corner'], ['kit', 'corner'], ['kitchen-all']]) {
      const { ok, stdout, stderr } = await kubectl(['get', ...args]);
      assert.ok(ok, stderr);
      assert.match(stdout, /^NAME +STATIONS +READY +SURVIVES +AGE *\n.*corner/);
    }
    assert.ok((await kubectl(['delete', 'kitchen', 'corner'])).ok);
  });

  describe('a Station', () => {
    const selector = selectorText(stationSelector('pizzeria', 'grill'));
    const status: StationStatus = {
      observedGeneration: 1,
      demand: 6,
      target: 9,
      ready: 9,
      replicas: 6,
      surplus: 3,
      selector,
      survives: '1 zone, 1 pod',
      survival: { pods: 3, nodes: 0, zones: 1, short: 0, lostZones: ['(none)'] },
      zones: [
        { name: 'zone-a', state: 'Live', target: 9, ready: 9 },
        { name: '(none)', state: 'Missing', target: 0, ready: 0 },
      ],
      zoneSummary: 'zone-a 9/9, none 0/0 Missing',
      conditions: [
        { type: 'Ready', status: 'True', reason: 'AllServed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
      price: { pods: 3, cpu: '300m', memory: '192Mi' },
      decisions: [{ id: 'd1', time: '2026-01-01T00:00:00Z', what: 'grow zone-a to 9', why: 'w'.repeat(1024) }],
      waiting: ['3 pods of zone-a start'],
    };

    before(async () => {
      const { metadata, ...rest } = aStation();
      const created = await cluster.api.call<{ metadata: object }>('POST', `${stations}?fieldValidation=Strict`, {
        ...rest,
        metadata: { name: metadata.name },
      });
      const { status: kept } = await cluster.api.call<{ status: StationStatus }>(
        'PUT',
        `${stations}/${metadata.name}/status?fieldValidation=Strict&fieldManager=${fieldManagers.status}`,
        { ...rest, metadata: created.metadata, status },
      );
      assert.deepEqual(kept, status);
    });

    it('prints demand, target, ready, survives and zones', async () => {
      const { stdout } = await kubectl(['get', 'stations']);
      const [head = '', row = ''] = stdout.split('\n');
      assert.match(head, /^NAME +DEMAND +TARGET +READY +SURVIVES +ZONES +AGE *$/);
      assert.match(row, /^pizzeria-grill +6 +9 +9 +1 zone, 1 pod +zone-a 9\/9, none 0\/0 Missing +/);
    });

    it('is scaled by kubectl, within its bounds', async () => {
      assert.ok((await kubectl(['scale', 'station/pizzeria-grill', '--replicas=8'])).ok);
      const scale = await cluster.api.call<Record<string, unknown>>('GET', `${stations}/pizzeria-grill/scale`);
      assert.deepEqual([scale['spec'], scale['status']], [{ replicas: 8 }, { replicas: 6, selector }]);
      const { ok, stderr } = await kubectl(['scale', 'station/pizzeria-grill', '--replicas=10001']);
      assert.equal(ok, false);
      assert.match(stderr, /spec\.replicas in body should be less than or equal to 10000/);
    });

    it('is refused when an update takes its demand away', async () => {
      const station = await cluster.api.call<{ spec: { replicas?: number } }>('GET', `${stations}/pizzeria-grill`);
      delete station.spec.replicas;
      await assert.rejects(
        cluster.api.call('PUT', `${stations}/pizzeria-grill`, station),
        /spec\.replicas: Required value/,
      );
    });
  });
});
