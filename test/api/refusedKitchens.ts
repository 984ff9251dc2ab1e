import { aDeclaredStation, aKitchen } from '../builders/kitchen.ts';

/** A Kitchen whose one station has these fields. */
export function stationWith(over: Record<string, unknown>): unknown {
  return aKitchen({ stations: [{ ...aDeclaredStation(), ...over }] });
}

/** A Kitchen whose spec has these fields. */
export function kitchenWith(over: Record<string, unknown>): unknown {
  return aKitchen(over);
}

const shift = { zone: 'zone-a', until: '2026-12-01T18:00:00Z' };
const http = { name: 'http', port: 80 };

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } };
const orders = (target: object): object => ({ type: 'External', external: { metric: { name: 'orders' }, target } });

/** A Kitchen whose one station follows load like this. */
function scaledLike(over: Record<string, unknown>, station: Record<string, unknown> = {}): unknown {
  return stationWith({ scale: { maxReplicas: 9, metrics: [cpu], ...over }, ...station });
}

const scaleAt = 'spec.stations[0].scale';

/** What is wrong, the Kitchen, where the problem is said to be, and what is said about it. */
export const refusedKitchens: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['no stations', kitchenWith({ stations: [] }), 'spec.stations', />=1/],
  [
    '65 stations',
    kitchenWith({ stations: Array.from({ length: 65 }, (_, i) => aDeclaredStation({ name: `s${i}` })) }),
    'spec.stations',
    /<=64/,
  ],
  ['an unknown field', kitchenWith({ survives: { zones: 1 } }), 'spec', /"survives"/],
  ['an unknown field of a station', stationWith({ replica: 1 }), 'spec.stations[0]', /"replica"/],
  ['an unknown field of survive', kitchenWith({ survive: { racks: 1 } }), 'spec.survive', /"racks"/],
  ['a negative survive', kitchenWith({ survive: { pods: -1 } }), 'spec.survive.pods', />=0/],
  ['half a pod', stationWith({ replicas: 1.5 }), 'spec.stations[0].replicas', /int/],
  ['too many replicas', stationWith({ replicas: 10_001 }), 'spec.stations[0].replicas', /<=10000/],
  ['a station name that is no DNS label', stationWith({ name: 'Grill' }), 'spec.stations[0].name', /such as grill/],
  [
    'a station name that is too long',
    aKitchen({ metadata: { name: 'k' }, stations: [aDeclaredStation({ name: 's'.repeat(41) })] }),
    'spec.stations[0].name',
    /<=40/,
  ],
  [
    'two stations of one name',
    kitchenWith({ stations: [aDeclaredStation(), aDeclaredStation()] }),
    'spec.stations',
    /rename one/,
  ],
  ['a Kitchen name with a dot', aKitchen({ metadata: { name: 'pizza.roma' } }), 'metadata.name', /such as pizzeria/],
  [
    'names too long together',
    aKitchen({ metadata: { name: 'k'.repeat(42) } }),
    'metadata.name',
    /at most 47 .* shorten/,
  ],
  ['a zone twice', kitchenWith({ zones: ['a', 'a'] }), 'spec.zones', /name each zone once/],
  [
    'a zone that is no label value',
    kitchenWith({ zones: ['(none)'] }),
    'spec.zones[0]',
    /topology\.kubernetes\.io\/zone/,
  ],
  ['no zone in the list of zones', kitchenWith({ zones: [] }), 'spec.zones', />=1/],
  [
    'as many zones to survive as there are',
    kitchenWith({ zones: ['a'], survive: { zones: 1 } }),
    'spec.survive.zones',
    /name more zones/,
  ],
  [
    'a station that is to survive all zones',
    aKitchen({ zones: ['a', 'b'], stations: [aDeclaredStation({ survive: { zones: 2 } })] }),
    'spec.stations',
    /a station's survive\.zones .* name more zones/,
  ],
  ['a zone shifted twice', kitchenWith({ shifts: [shift, shift] }), 'spec.shifts', /give each zone one entry/],
  [
    'a shift that has no end',
    kitchenWith({ shifts: [{ zone: 'zone-a' }] }),
    'spec.shifts[0].until',
    /string|Required value/,
  ],
  [
    'a shift for a duration',
    kitchenWith({ shifts: [{ zone: 'zone-a', until: '1h' }] }),
    'spec.shifts[0].until',
    /RFC 3339/,
  ],
  ...[
    '2026-13-01T18:00:00Z',
    '2026-00-01T18:00:00Z',
    '2026-12-32T18:00:00Z',
    '2026-12-00T18:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T18:60:00Z',
    '2026-12-01T18:00:60Z',
    '2026-12-01T18:00:00+24:00',
    '2026-12-01T18:00:00+01:60',
  ].map(
    (until) =>
      [
        `a shift until ${until}`,
        kitchenWith({ shifts: [{ ...shift, until }] }),
        'spec.shifts[0].until',
        /RFC 3339/,
      ] as const,
  ),
  [
    'a shift of a zone that is no label value',
    kitchenWith({ shifts: [{ ...shift, zone: '(any)' }] }),
    'spec.shifts[0].zone',
    /topology\.kubernetes\.io\/zone/,
  ],
  ['two ports without names', stationWith({ ports: [http, { port: 81 }] }), 'spec.stations[0].ports', /needs a name/],
  [
    'two ports of one name',
    stationWith({ ports: [http, { ...http, port: 81 }] }),
    'spec.stations[0].ports',
    /rename one/,
  ],
  [
    'one port twice',
    stationWith({ ports: [http, { ...http, name: 'web' }] }),
    'spec.stations[0].ports',
    /change or remove/,
  ],
  ['a port beyond 65535', stationWith({ ports: [{ port: 65_536 }] }), 'spec.stations[0].ports[0].port', /<=65535/],
  [
    'a target port in words with no letter',
    stationWith({ ports: [{ port: 80, targetPort: '80' }] }),
    'spec.stations[0].ports[0].targetPort',
    /number from 1/,
  ],
  [
    'an unknown protocol',
    stationWith({ ports: [{ port: 80, protocol: 'HTTP' }] }),
    'spec.stations[0].ports[0].protocol',
    /TCP/,
  ],
  [
    'a template without containers',
    stationWith({ template: { spec: {} } }),
    'spec.stations[0].template',
    /at least one container/,
  ],
  [
    'replicas and scale',
    scaledLike({}, { replicas: 3 }),
    'spec.stations[0]',
    /exclude each other.* take one of the two/,
  ],
  [
    'a least demand above the most',
    scaledLike({ minReplicas: 10 }),
    `${scaleAt}.minReplicas`,
    /must not be above maxReplicas: lower it/,
  ],
  ['a least demand of none', scaledLike({ minReplicas: 0 }), `${scaleAt}.minReplicas`, />=1/],
  ['no metric', scaledLike({ metrics: [] }), `${scaleAt}.metrics`, />=1/],
  ['six metrics', scaledLike({ metrics: [cpu, cpu, cpu, cpu, cpu, cpu] }), `${scaleAt}.metrics`, /<=5/],
  [
    'a metric of an unknown type',
    scaledLike({ metrics: [{ ...cpu, type: 'Object' }] }),
    `${scaleAt}.metrics[0].type`,
    /Hub.*Pods.*Resource.*External/,
  ],
  [
    'a metric of two types',
    scaledLike({ metrics: [{ ...orders({ type: 'AverageValue', averageValue: 3 }), ...cpu }] }),
    `${scaleAt}.metrics[0]`,
    /type External needs the field external, and no other type has it/,
  ],
  [
    'a Value target',
    scaledLike({ metrics: [orders({ type: 'Value', averageValue: 3 })] }),
    `${scaleAt}.metrics[0].external.target`,
    /Value is refused, as it grows with the pods that it makes: use AverageValue/,
  ],
  [
    'memory as load',
    scaledLike({ metrics: [{ ...cpu, resource: { ...cpu.resource, name: 'memory' } }] }),
    `${scaleAt}.metrics[0].resource.name`,
    /memory is no load: pods that stand by for a loss use it too, .*; use cpu, or a metric of type Hub or Pods/,
  ],
  [
    'a target of 0',
    scaledLike({ metrics: [orders({ type: 'AverageValue', averageValue: 0 })] }),
    `${scaleAt}.metrics[0].external.target.averageValue`,
    />=1/,
  ],
  [
    'a target of 0 as text',
    scaledLike({ metrics: [orders({ type: 'AverageValue', averageValue: '0.0k' })] }),
    `${scaleAt}.metrics[0].external.target.averageValue`,
    /a quantity above 0/,
  ],
  [
    'a utilization without its figure',
    scaledLike({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] }),
    `${scaleAt}.metrics[0].resource.target`,
    /needs averageUtilization/,
  ],
  [
    'a tolerance that is no share',
    scaledLike({ behavior: { scaleUp: { tolerance: '1.5' } } }),
    `${scaleAt}.behavior.scaleUp.tolerance`,
    /a share of demand below 1/,
  ],
  [
    'a fallback above the most',
    scaledLike({ fallback: { failureThreshold: 3, replicas: 10 } }),
    `${scaleAt}.fallback`,
    /fallback\.replicas must not be above maxReplicas/,
  ],
  ['another version', { ...aKitchen(), apiVersion: 'kitchen.dev/v2' }, 'apiVersion', /v1alpha1/],
  ['nothing at all', null, 'Kitchen', /object/],
];
