import { nothing, onePod, played } from './attacks.ts';
import type { Mutant } from './mutant.ts';

const servicePorts = 'operator/plan/children/servicePorts.ts';

const web = [{ name: 'web', containerPort: 8080 }];
const oneZone = { nodes: [2, 2, 2], demand: 6, survive: { ...nothing, zones: 1 } };
const renamed = played({ ...oneZone, ports: { target: 'web', of: web } }, [
  0,
  { kind: 'ports', target: 'http', of: [{ name: 'http', containerPort: 8080 }] },
]);
const renumbered = played({ ...oneZone, ports: { target: 8080, of: [{ containerPort: 8080 }] } }, [
  0,
  { kind: 'ports', target: 9090, of: [{ containerPort: 9090 }] },
]);
const oneMore = played({ ...oneZone, ports: { target: 'web', of: web } }, [
  0,
  { kind: 'ports', target: 'http', of: [...web, { name: 'http', containerPort: 9090 }] },
]);

/** Operators that take a child for what it is not, or change one before another is ready for it. */
export const children: readonly Mutant[] = [
  {
    name: 'takes a Deployment that is being deleted for one that works',
    file: 'operator/observe/ownership.ts',
    find: 'if (object.deleting) return',
    replace: "if (object.deleting && object.name === '') return",
    shownBy: {
      law: 'soon',
      scenarios: [
        played({ nodes: [2, 2, 2], demand: 6, survive: onePod }, [
          0,
          { kind: 'deleteDeployment', zone: 'zone-a', forMs: 600_000 },
        ]),
      ],
    },
  },
  {
    name: 'moves the Service before its pods',
    file: servicePorts,
    find: 'if (wanted === now || !isReachedNow(pods, now, protocol)) return wanted;',
    replace: "if (now !== '') return wanted;",
    shownBy: { law: 'reached', scenarios: [oneMore] },
  },
  {
    name: 'goes on by name where old and new pods have only the number in common',
    file: servicePorts,
    find: 'return bridge(snapshot, pods, declared) ?? now;',
    replace: 'return pods.some((pod) => pod.ports.includes(`${wanted}:`)) ? wanted : now;',
    shownBy: { law: 'reached', scenarios: [renamed, oneMore] },
  },
  {
    name: 'takes pods for new ones before their Deployment has seen the template',
    file: servicePorts,
    find: ' || observedGeneration < generation',
    replace: '',
    shownBy: {
      law: 'reached',
      scenarios: [
        played(
          { nodes: [1], demand: 1, survive: { ...nothing, pods: 2 }, slow: 0.5, ports: { target: 'web', of: web } },
          [0, { kind: 'ports', target: 9090, of: [...web, { name: 'http', containerPort: 9090 }] }],
        ),
      ],
    },
  },
  {
    name: 'rolls out what the Service does not lead to',
    file: 'operator/plan/station/rules/rollOut.ts',
    find: 'if (unserved !== undefined) return',
    replace: "if (unserved === '') return",
    shownBy: { law: 'reached', scenarios: [renumbered] },
  },
];
