import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { chartValues } from '../../operator/api/chartValues.ts';
import { chart, helmPath, renderChart } from '../../tools/generate/helm.ts';
import { readmeWithTable } from '../../tools/generate/valuesTable.ts';
import { kindsByDefault, namesOf } from './rendered.ts';

describe("the chart's values", function () {
  this.timeout(180_000);

  before(async function () {
    this.timeout(1_200_000);
    await helmPath();
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['replica=2', /additional properties 'replica' not allowed/],
    ['image.name=x', /additional properties 'name' not allowed/],
    ['replicas=0', /replicas.*minimum: got 0, want 1/s],
    ['replicas=two', /replicas.*got string, want integer/s],
    ['log.level=loud', /log\/level.*must be one of 'error', 'warn', 'info', 'debug'/s],
    ['watch.namespaces={Grill}', /watch\/namespaces\/0.*does not match pattern/s],
    ['watch.namespaces={grill,grill}', /watch\/namespaces.*items at 0 and 1 are equal/s],
    ['watch.namespaceSelector.shard=a', /namespaceSelector.*additional properties 'shard' not allowed/s],
    [
      'watch.namespaceSelector=shard=a,watch.namespaces={grill}',
      /watch\.namespaces and watch\.namespaceSelector are both given: name the namespaces, or choose them/,
    ],
    ['metrics.serviceMonitor.interval=often', /interval.*does not match pattern/s],
    ['suspectAfter=25', /suspectAfter.*(got number, want string|value must be 0)/s],
    ['suspectAfter=14s', /suspectAfter.*does not match pattern/s],
    ['suspectAfter=soon', /suspectAfter.*does not match pattern/s],
    ['forgetZoneAfter=', /forgetZoneAfter.*does not match pattern/s],
    ['image=null', /missing property 'image'/],
  ];
  for (const [value, message] of refused) {
    it(`are refused when wrong, with the place named: ${value}`, async () => {
      await assert.rejects(renderChart(value), message);
    });
  }

  it('have defaults that their schema accepts', async () => {
    chartValues.parse(load(await readFile(join(chart, 'values.yaml'), 'utf8')));
  });

  it('may come from a chart that has this one as a dependency', async () => {
    assert.deepEqual(namesOf(await renderChart('global.domain=example.com', 'enabled=true')), kindsByDefault);
  });

  it("are all in the README's table", async () => {
    assert.equal(await readFile(join(chart, 'README.md'), 'utf8'), await readmeWithTable());
  });
});
