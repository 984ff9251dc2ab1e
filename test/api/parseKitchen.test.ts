import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { parseKitchen } from '../../operator/api/parseKitchen.ts';
import { aDeclaredStation, aKitchen } from '../build/kitchen.ts';

const samples = new URL('../../manifests/samples/', import.meta.url);

function sample(name: string): unknown {
  return load(readFileSync(new URL(name, samples), 'utf8'));
}

function station(over: Record<string, unknown>): unknown {
  return aKitchen({ stations: [{ ...aDeclaredStation(), ...over }] });
}

function spec(over: Record<string, unknown>): unknown {
  return aKitchen(over);
}

const http = { name: 'http', port: 80 };

/** What is wrong, where the problem is said to be, and what is said about it. */
const refused: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['no stations', spec({ stations: [] }), 'spec.stations', />=1/],
  [
    '65 stations',
    spec({ stations: Array.from({ length: 65 }, (_, i) => aDeclaredStation({ name: `s${i}` })) }),
    'spec.stations',
    /<=64/,
  ],
  ['an unknown field', spec({ survives: { zones: 1 } }), 'spec', /"survives"/],
  ['an unknown field of a station', station({ replica: 1 }), 'spec.stations[0]', /"replica"/],
  ['an unknown field of survive', spec({ survive: { racks: 1 } }), 'spec.survive', /"racks"/],
  ['a negative survive', spec({ survive: { pods: -1 } }), 'spec.survive.pods', />=0/],
  ['half a pod', station({ replicas: 1.5 }), 'spec.stations[0].replicas', /int/],
  ['too many replicas', station({ replicas: 10_001 }), 'spec.stations[0].replicas', /<=10000/],
  ['a station name that is no DNS label', station({ name: 'Grill' }), 'spec.stations[0].name', /such as grill/],
  [
    'a station name that is too long',
    aKitchen({ metadata: { name: 'k' }, stations: [aDeclaredStation({ name: 's'.repeat(41) })] }),
    'spec.stations[0].name',
    /<=40/,
  ],
  [
    'two stations of one name',
    spec({ stations: [aDeclaredStation(), aDeclaredStation()] }),
    'spec.stations',
    /rename one/,
  ],
  ['a Kitchen name with a dot', aKitchen({ metadata: { name: 'pizza.roma' } }), 'Kitchen', /such as pizzeria/],
  ['names too long together', aKitchen({ metadata: { name: 'k'.repeat(42) } }), 'Kitchen', /at most 47 .* shorten/],
  ['a zone twice', spec({ zones: ['a', 'a'] }), 'spec.zones', /name each zone once/],
  ['a zone that is no label value', spec({ zones: ['(none)'] }), 'spec.zones[0]', /topology\.kubernetes\.io\/zone/],
  ['no zone in the list of zones', spec({ zones: [] }), 'spec.zones', />=1/],
  ['as many zones to survive as there are', spec({ zones: ['a'], survive: { zones: 1 } }), 'spec', /name more zones/],
  [
    'a station that is to survive all zones',
    aKitchen({ zones: ['a', 'b'], stations: [aDeclaredStation({ survive: { zones: 2 } })] }),
    'spec',
    /a station's survive\.zones .* name more zones/,
  ],
  ['two ports without names', station({ ports: [http, { port: 81 }] }), 'spec.stations[0].ports', /needs a name/],
  ['two ports of one name', station({ ports: [http, { ...http, port: 81 }] }), 'spec.stations[0].ports', /rename one/],
  [
    'one port twice',
    station({ ports: [http, { ...http, name: 'web' }] }),
    'spec.stations[0].ports',
    /change or remove/,
  ],
  ['a port beyond 65535', station({ ports: [{ port: 65_536 }] }), 'spec.stations[0].ports[0].port', /<=65535/],
  [
    'a target port in words with no letter',
    station({ ports: [{ port: 80, targetPort: '80' }] }),
    'spec.stations[0].ports[0].targetPort',
    /number from 1/,
  ],
  [
    'an unknown protocol',
    station({ ports: [{ port: 80, protocol: 'HTTP' }] }),
    'spec.stations[0].ports[0].protocol',
    /TCP/,
  ],
  [
    'a template without containers',
    station({ template: { spec: {} } }),
    'spec.stations[0].template',
    /at least one container/,
  ],
  ['another version', { ...aKitchen(), apiVersion: 'kitchen.dev/v2' }, 'apiVersion', /v1alpha1/],
  ['nothing at all', null, 'Kitchen', /object/],
];

describe('parseKitchen', () => {
  for (const name of ['smallest.yaml', 'pizzeria.yaml', 'full.yaml']) {
    it(`takes the sample ${name}`, () => {
      assert.deepEqual(parseKitchen(sample(name)).problems, undefined);
    });
  }

  for (const [what, value, where, message] of refused) {
    it(`refuses ${what} and says what would be right`, () => {
      const { problems } = parseKitchen(value);
      assert.ok(problems !== undefined, 'it was taken');
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.equal(problems[0]?.slice(0, where.length + 2), `${where}: `);
      assert.match(problems[0] ?? '', message);
    });
  }

  it('fills in the protocol of a port, as the API server does', () => {
    const { kitchen } = parseKitchen(station({ ports: [{ port: 80, targetPort: 'http' }] }));
    assert.deepEqual(kitchen?.spec.stations[0]?.ports, [{ port: 80, targetPort: 'http', protocol: 'TCP' }]);
  });

  it('names every problem, not only the first', () => {
    const { problems } = parseKitchen(spec({ survive: { pods: -1, nodes: -1 }, stations: [] }));
    assert.equal(problems?.length, 3);
  });
});
