import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { parseKitchen } from '../../operator/api/parseKitchen.ts';
import { refusedKitchens, stationWith, kitchenWith } from './refusedKitchens.ts';

const samples = new URL('../../manifests/samples/', import.meta.url);

function sample(name: string): unknown {
  return load(readFileSync(new URL(name, samples), 'utf8'));
}

describe('parseKitchen', () => {
  for (const name of ['smallest.yaml', 'pizzeria.yaml', 'full.yaml']) {
    it(`takes the sample ${name}`, () => {
      assert.deepEqual(parseKitchen(sample(name)).problems, undefined);
    });
  }

  for (const [what, value, where, message] of refusedKitchens) {
    it(`refuses ${what} and says what would be right`, () => {
      const { problems } = parseKitchen(value);
      assert.ok(problems !== undefined, 'it was taken');
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.equal(problems[0]?.slice(0, where.length + 2), `${where}: `);
      assert.match(problems[0] ?? '', message);
    });
  }

  it('fills in the protocol of a port, as the API server does', () => {
    const { kitchen } = parseKitchen(stationWith({ ports: [{ port: 80, targetPort: 'http' }] }));
    assert.deepEqual(kitchen?.spec.stations[0]?.ports, [{ port: 80, targetPort: 'http', protocol: 'TCP' }]);
  });

  it('names every problem, not only the first', () => {
    const { problems } = parseKitchen(kitchenWith({ survive: { pods: -1, nodes: -1 }, stations: [] }));
    assert.equal(problems?.length, 3);
  });
});
