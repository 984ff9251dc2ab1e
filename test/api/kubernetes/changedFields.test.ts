import assert from 'node:assert/strict';
import { changedFields } from '../../../operator/api/kubernetes/changedFields.ts';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';

type Spec = Readonly<Record<string, unknown>>;

function changes(asked: Spec, found: Spec): readonly string[] {
  const object = (spec: Spec): KubeObject => ({ metadata: { name: 'grill' }, spec }) as KubeObject;
  return changedFields(object(asked), object(found)).map(({ path }) => path);
}

const container = (over: Spec = {}): Spec => ({ name: 'c', image: 'grill:1', ...over });
const pod = (...containers: readonly Spec[]): Spec => ({ template: { spec: { containers } } });

describe('fields that came back with another value', () => {
  const same: readonly [string, Spec, Spec][] = [
    ['what the API server adds', { replicas: 2 }, { replicas: 2, progressDeadlineSeconds: 600 }],
    ['what it leaves out', { paused: false, args: [], note: '', empty: { of: null } }, {}],
    [
      'amounts written in another way',
      { resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 0.5 } } },
      { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '500m' } } },
    ],
    [
      'a container that a webhook adds',
      pod(container()),
      pod({ name: 'proxy' }, container({ imagePullPolicy: 'Always' })),
    ],
    ['a list in another order', { zones: ['a', 'b'] }, { zones: ['b', 'a'] }],
    [
      'ports with their defaults',
      { ports: [{ port: 80 }] },
      { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] },
    ],
  ];
  for (const [what, asked, found] of same) it(`are not ${what}`, () => assert.deepEqual(changes(asked, found), []));

  const others: readonly [string, Spec, Spec, string][] = [
    ['a number', { replicas: 5 }, { replicas: 3 }, 'spec.replicas'],
    ['nothing where 0 was asked for', { maxUnavailable: 0 }, { maxUnavailable: '25%' }, 'spec.maxUnavailable'],
    [
      'an image',
      pod(container()),
      pod(container({ image: 'mirror/grill:1' })),
      'spec.template.spec.containers[c].image',
    ],
    ['a container that is gone', pod(container()), pod(), 'spec.template.spec.containers[c]'],
    ['another amount', { requests: { cpu: '1' } }, { requests: { cpu: '2' } }, 'spec.requests.cpu'],
    ['an argument more', { args: ['a'] }, { args: ['a', 'b'] }, 'spec.args'],
    [
      'a port of a Service',
      { ports: [{ port: 80, targetPort: 1 }] },
      { ports: [{ port: 80, targetPort: 2 }] },
      'spec.ports[80].targetPort',
    ],
    ['a line more in a selector', { selector: { a: 'b' } }, { selector: { a: 'b', c: 'd' } }, 'spec.selector.c'],
    ['an amount that is none', { env: '1000m' }, { env: '1' }, 'spec.env'],
  ];
  for (const [what, asked, found, path] of others) {
    it(`are ${what}`, () => assert.deepEqual(changes(asked, found), [path]));
  }

  it('are labels, annotations and owners, and nothing else of the metadata', () => {
    const object = (metadata: Spec): KubeObject => ({ metadata });
    const asked = object({
      name: 'a',
      resourceVersion: '1',
      labels: { a: 'b' },
      annotations: { 'kitchen.dev/intent': 'x' },
    });
    const found = object({ name: 'a', resourceVersion: '2', labels: { a: 'b', c: 'd' } });
    assert.deepEqual(changedFields(asked, found), [
      { path: 'metadata.annotations', asked: { 'kitchen.dev/intent': 'x' }, found: undefined },
    ]);
  });
});
