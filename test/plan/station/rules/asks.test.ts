import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../operator/api/kubernetes/json.ts';
import { asksBeyond, asksElse, askedOfScheduler } from '../../../../operator/plan/station/rules/asks.ts';

function template(spec: JsonObject, container: JsonObject = {}): JsonObject {
  return { spec: { containers: [{ name: 'grill', ...container }], ...spec } };
}

const requests = (cpu: string, memory = '64Mi'): JsonObject => ({ resources: { requests: { cpu, memory } } });
const required = (key: string): JsonObject => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }],
    },
  },
});
const gpu = { key: 'gpu', operator: 'Exists' };
const spread = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname' };

describe('what a new template asks beyond the one before', () => {
  const rows: readonly (readonly [string, JsonObject, JsonObject, JsonObject])[] = [
    ['is nothing for another image', template({}, { image: 'a' }), template({}, { image: 'b' }), {}],
    [
      'is nothing where only the API server’s defaults differ',
      template(
        { schedulerName: 'default-scheduler', tolerations: [] },
        { ports: [{ containerPort: 80, protocol: 'TCP' }] },
      ),
      template({}, { ports: [{ containerPort: 80 }] }),
      {},
    ],
    ['is another scheduler', template({}), template({ schedulerName: 'mine' }), { schedulerName: 0 }],
    ['is a gate', template({}), template({ schedulingGates: [{ name: 'wait' }] }), { schedulingGates: 0 }],
    [
      'is a label of its nodes',
      template({ nodeSelector: { a: 'b' } }),
      template({ nodeSelector: { a: 'c' } }),
      { nodeSelector: 0 },
    ],
    ['is nothing where a label less is asked for', template({ nodeSelector: { a: 'b' } }), template({}), {}],
    [
      'is required affinity',
      template({ affinity: required('a') }),
      template({ affinity: required('b') }),
      { affinity: 0 },
    ],
    ['is a toleration that it lost', template({ tolerations: [gpu] }), template({}), { tolerations: 0 }],
    ['is nothing for a toleration more', template({}), template({ tolerations: [gpu] }), {}],
    [
      'is a spread that must be, not one that may',
      template({}),
      template({ topologySpreadConstraints: [{ ...spread, whenUnsatisfiable: 'ScheduleAnyway' }] }),
      {},
    ],
    [
      'is a spread that must be',
      template({}),
      template({ topologySpreadConstraints: [{ ...spread, whenUnsatisfiable: 'DoNotSchedule' }] }),
      { topologySpreadConstraints: 0 },
    ],
    [
      'is a port of the host',
      template({}),
      template({}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
      { hostPorts: 0 },
    ],
    [
      'is the host’s network, by its ports',
      template({}, { ports: [{ containerPort: 80 }] }),
      template({ hostNetwork: true }, { ports: [{ containerPort: 80 }] }),
      { hostPorts: 0 },
    ],
    [
      'is a claim, and no other volume',
      template({ volumes: [{ name: 'a', emptyDir: {} }] }),
      template({
        volumes: [
          { name: 'b', emptyDir: {} },
          { name: 'c', persistentVolumeClaim: { claimName: 'c' } },
        ],
      }),
      { volumes: 0 },
    ],
    [
      'is more of a resource, with how much it was',
      template({}, requests('100m')),
      template({}, requests('2')),
      { 'requests.cpu': 0.1 },
    ],
    ['is nothing for less of it', template({}, requests('2')), template({}, requests('100m')), {}],
    [
      'is a request as large as the limit where none is written',
      template({}, requests('1', '1Mi')),
      template({}, { resources: { limits: { cpu: '2' }, requests: { memory: '1Mi' } } }),
      { 'requests.cpu': 1, 'limits.cpu': 0 },
    ],
    [
      'is what a sidecar adds, and what runs before takes if it is more',
      template({}, requests('1', '0')),
      template(
        {
          initContainers: [
            { name: 'side', restartPolicy: 'Always', ...requests('1', '0') },
            { name: 'first', ...requests('0', '1Gi') },
          ],
        },
        requests('1', '0'),
      ),
      { 'requests.cpu': 1, 'requests.memory': 0 },
    ],
  ];
  for (const [what, before, now, beyond] of rows) {
    it(what, () => assert.deepEqual(asksBeyond(before, now), beyond));
  }

  it('concerns the scheduler but for limits', () => {
    assert.deepEqual(askedOfScheduler({ 'limits.cpu': 1, 'requests.cpu': 1, nodeName: 0 }), [
      'requests.cpu',
      'nodeName',
    ]);
  });

  it('lets one find a node where the other finds none, whichever asks for more', () => {
    const [small, big] = [template({}, requests('1')), template({}, requests('2'))];
    assert.deepEqual([asksElse(small, big), asksElse(big, small), asksElse(big, big)], [true, true, false]);
  });
});
