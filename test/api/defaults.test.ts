import assert from 'node:assert/strict';
import { defaultedStations } from '../../operator/api/defaults.ts';
import type { DeclaredStation, KitchenSpec } from '../../operator/api/kitchen.ts';
import { completeSurvive } from '../../operator/api/survive.ts';
import { aDeclaredStation, aKitchen } from '../builders/kitchen.ts';

describe('completeSurvive', () => {
  const table = [
    { kitchen: undefined, station: undefined, is: { pods: 1, nodes: 0, zones: 0 } },
    { kitchen: {}, station: {}, is: { pods: 1, nodes: 0, zones: 0 } },
    { kitchen: { zones: 1, nodes: 1 }, station: undefined, is: { pods: 1, nodes: 1, zones: 1 } },
    { kitchen: { zones: 1, nodes: 1 }, station: { zones: 0, nodes: 2 }, is: { pods: 1, nodes: 2, zones: 0 } },
    { kitchen: { pods: 3, zones: 1 }, station: { pods: 0 }, is: { pods: 0, nodes: 0, zones: 1 } },
    { kitchen: { pods: 0 }, station: undefined, is: { pods: 0, nodes: 0, zones: 0 } },
    { kitchen: { pods: 0 }, station: { nodes: 1 }, is: { pods: 0, nodes: 1, zones: 0 } },
  ];
  for (const { kitchen, station, is } of table) {
    it(`makes ${JSON.stringify(is)} of ${JSON.stringify(kitchen)} and ${JSON.stringify(station)}`, () => {
      assert.deepEqual(completeSurvive(kitchen, station), is);
    });
  }
});

describe('defaultedStations', () => {
  it('gives every station the name, survive, zones and pause of its Kitchen, in order', () => {
    const kitchen = aKitchen({
      survive: { zones: 1 },
      zones: ['zone-a', 'zone-b'],
      paused: true,
      stations: [
        aDeclaredStation({ name: 'grill', replicas: 6 }),
        aDeclaredStation({ name: 'till', survive: { pods: 2 } }),
      ],
    });
    const { template } = aDeclaredStation();
    const common = {
      kitchen: 'pizzeria',
      zones: ['zone-a', 'zone-b'],
      paused: true,
      ports: [],
      template,
      whenNoRoom: 'Block',
    };
    assert.deepEqual(defaultedStations(kitchen), [
      { ...common, station: 'grill', replicas: 6, survive: { pods: 1, nodes: 0, zones: 1 } },
      { ...common, station: 'till', survive: { pods: 2, nodes: 0, zones: 1 } },
    ]);
  });

  it('leaves out demand and zones that the Kitchen leaves out, and keeps a demand of 0', () => {
    const [none] = defaultedStations(aKitchen());
    assert.ok(none !== undefined && !('replicas' in none) && !('zones' in none));
    assert.equal(none.paused, false);
    const [zero] = defaultedStations(aKitchen({ stations: [aDeclaredStation({ replicas: 0 })] }));
    assert.equal(zero?.replicas, 0);
  });

  describe('lets every declared field reach the Station', () => {
    // Every field with a value that is not its default: one that a release adds is a type error here until it has one.
    const kitchenFields: Omit<Required<KitchenSpec>, 'stations'> = {
      survive: { zones: 1 },
      zones: ['zone-a', 'zone-b'],
      shifts: [{ zone: 'zone-a', until: '2026-12-01T18:00:00Z' }],
      paused: true,
      hub: {},
    };
    const stationFields: Required<DeclaredStation> = {
      name: 'till',
      replicas: 6,
      scale: {
        maxReplicas: 9,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
      survive: { nodes: 2 },
      ports: [{ port: 80, protocol: 'TCP' }],
      hub: false,
      retries: 'Off',
      perTryTimeout: '500ms',
      template: { spec: { containers: [{ name: 'main', image: 'example.org/main:2' }] } },
      whenNoRoom: 'Dip',
      progressDeadlineSeconds: 900,
    };
    const plain = defaultedStations(aKitchen());

    for (const [field, value] of Object.entries(kitchenFields)) {
      it(`spec.${field}`, () => assert.notDeepEqual(defaultedStations(aKitchen({ [field]: value })), plain));
    }
    for (const [field, value] of Object.entries(stationFields)) {
      it(`spec.stations[].${field}`, () => {
        // What concerns hubs does so in a Kitchen that has them.
        const of = (station: Partial<DeclaredStation>): unknown =>
          defaultedStations(aKitchen({ hub: {}, stations: [aDeclaredStation(station)] }));
        assert.notDeepEqual(of({ [field]: value }), of({}));
      });
    }
  });

  it('takes a pasted template as a Deployment would: drops null fields, and metadata that reaches no pod', () => {
    const pasted = (metadata: unknown, more: object): DeclaredStation =>
      aDeclaredStation({
        template: { metadata, spec: { containers: [{ name: 'grill', image: 'g:1', ...more }], ...more } },
      } as unknown as Partial<DeclaredStation>);
    const templateOf = (station: DeclaredStation): unknown =>
      defaultedStations(aKitchen({ stations: [station] }))[0]?.template;
    const nulls = { env: null, resources: { limits: null } };
    const kept = { resources: {} };
    assert.deepEqual(
      templateOf(pasted({ creationTimestamp: null, labels: { a: 'b' } }, nulls)),
      templateOf(pasted({ labels: { a: 'b' } }, kept)),
    );
    assert.deepEqual(templateOf(pasted(null, nulls)), templateOf(pasted(undefined, kept)));
  });
});
