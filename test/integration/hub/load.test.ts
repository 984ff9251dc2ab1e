import assert from 'node:assert/strict';
import type { Traffic } from '../../../operator/traffic/form.ts';
import type { BackendReport, ZoneReport } from '../../../operator/traffic/report.ts';
import type { Issued } from '../../../operator/xds/certificates.ts';
import { eventually } from '../../kube/eventually.ts';
import { freePorts } from '../../../tools/cluster/ports.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import { operatorKeys, readyHub, statusOf } from './hub.ts';
import { grill, operatorName, pod, serve, TOKEN } from './serving.ts';

const backend = 'default.pizzeria-grill.80';

/** The station with one pod in each of these zones, by port. */
function inZones(
  port: number,
  pods: Readonly<Record<string, number>>,
  shares?: Readonly<Record<string, number>>,
): Traffic {
  const traffic = grill(port, []);
  const endpoints = Object.entries(pods).map(([zone, each]) => ({
    address: '127.0.0.1',
    port: each,
    zone,
    state: 'Serving' as const,
  }));
  const balanced = shares === undefined ? {} : { shares: new Map([['zone-a', new Map(Object.entries(shares))]]) };
  return { ...traffic, backends: traffic.backends.map((each) => ({ ...each, endpoints, ...balanced })) };
}

/** All that was told of one zone's pods. */
function told(reports: readonly BackendReport[], zone: string): readonly ZoneReport[] {
  return reports
    .filter((each) => each.backend === backend)
    .flatMap(({ zones }) => zones.filter((each) => each.zone === zone));
}

const sum = (all: readonly ZoneReport[], pick: (each: ZoneReport) => number): number =>
  all.reduce((total, each) => total + pick(each), 0);

describe('the load that an Envoy of a hub tells', function () {
  this.timeout(60_000);
  let issued: Issued;

  before(async function () {
    issued = await operatorKeys(this);
  });

  it('is what it sent to each zone, what was done, and what is under way', async () => {
    const held: (() => void)[] = [];
    await using home = await pod((_, response) => response.end('home'));
    await using other = await pod((_, response) => held.push(() => response.end('other')));
    const [port = 0] = await freePorts(1);
    await using serving = await serve(inZones(port, { 'zone-a': home.port }), issued);
    await using _ = await readyHub(serving.server.address.port, issued);
    const url = `http://127.0.0.1:${port}/`;
    for (let sent = 0; sent < 30; sent += 1) assert.equal((await fetch(url)).status, 200);
    await eventually(() => sum(told(serving.reports, 'zone-a'), ({ done }) => done) === 30);
    assert.equal(
      sum(told(serving.reports, 'zone-a'), ({ issued: each }) => each),
      30,
    );
    assert.ok(serving.reports.every(({ overS }) => overS > 0));
    serving.source.set(inZones(port, { 'zone-b': other.port }));
    const answers: Promise<Response>[] = [];
    await eventually(() => {
      answers.push(fetch(url));
      return held.length >= 3;
    });
    await eventually(() => told(serving.reports, 'zone-b').at(-1)?.inFlight === held.length);
    for (const answer of held) answer();
    await Promise.all(answers);
  });

  it('is told to a replica that leads: another sends the hub away, and serves it when it keeps coming', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0] = await freePorts(1);
    let isElsewhere = false;
    await using serving = await serve(grill(port, [first.port]), issued, { isElsewhere: () => isElsewhere });
    await using envoy = await readyHub(serving.server.address.port, issued);
    assert.equal(serving.streams.size, 1);
    isElsewhere = true;
    await eventually(() => serving.streams.size === 0);
    // It is the only replica that can be reached.
    await eventually(() => serving.streams.size === 1);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
    assert.ok(!envoy.ended);
  });

  it('is not there of an Envoy of an earlier release, which is served all the same', async () => {
    await using first = await pod((_, response) => response.end('first'));
    const [port = 0] = await freePorts(1);
    await using serving = await serve(grill(port, [first.port]), issued);
    const operator = { port: serving.server.address.port, name: operatorName };
    await using envoy = await startEnvoy({
      operator,
      token: TOKEN,
      authority: issued.authority,
      adapt: ({ clusterManager: _loadReports, ...earlier }) => earlier,
    });
    await eventually(async () => (await statusOf(envoy.probeUrl)) === 200);
    assert.equal(await statusOf(`http://127.0.0.1:${port}/`), 200);
    assert.deepEqual(serving.reports, []);
  });

  it('comes back as shares, which decide where requests go', async () => {
    await using home = await pod((_, response) => response.end('home'));
    await using other = await pod((_, response) => response.end('other'));
    const [port = 0] = await freePorts(1);
    const pods = { 'zone-a': home.port, 'zone-b': other.port };
    await using serving = await serve(inZones(port, pods, { 'zone-a': 0.25, 'zone-b': 0.75 }), issued);
    await using _ = await readyHub(serving.server.address.port, issued);
    const count = { home: 0, other: 0 };
    const url = `http://127.0.0.1:${port}/`;
    for (let sent = 0; sent < 400; sent += 1) count[(await (await fetch(url)).text()) as 'home' | 'other'] += 1;
    assert.ok(count.other > 280 && count.other < 320, JSON.stringify(count));
    serving.source.set(inZones(port, pods, { 'zone-a': 1, 'zone-b': 0 }));
    await eventually(async () => {
      let away = 0;
      for (let sent = 0; sent < 50; sent += 1) away += Number((await (await fetch(url)).text()) === 'other');
      return away <= 2;
    });
  });
});
