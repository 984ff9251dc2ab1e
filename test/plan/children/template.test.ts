import assert from 'node:assert/strict';
import { hashOf } from '../../../operator/api/hash.ts';
import { ANYWHERE, UNZONED } from '../../../operator/api/zone.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { NEWEST_DEFAULTS } from '../../../operator/plan/children/defaults.ts';
import { builtTemplate, movedTemplate, userTemplate } from '../../../operator/plan/children/template.ts';
import type { BuiltTemplate } from '../../../operator/plan/children/template.ts';
import { zoneName } from '../../builders/served.ts';

const newVersion =
  'what defaults v1 yield has changed, which would replace every pod at an upgrade: leave v1 as it was and add a new version';

const containers = [{ name: 'grill', image: 'example.org/grill:1' }];
const place = { kitchen: 'pizzeria', station: 'grill', zone: zoneName('zone-a') };
const labels = { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill', 'kitchen.dev/zone': 'zone-a' };
const spread = {
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'ScheduleAnyway',
  nodeTaintsPolicy: 'Honor',
  matchLabelKeys: ['pod-template-hash'],
  labelSelector: { matchLabels: { 'kitchen.dev/kitchen': 'pizzeria', 'kitchen.dev/station': 'grill' } },
};
const inZone = { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['zone-a'] };

function built(template: JsonObject, over: Partial<typeof place> = {}, defaults?: string): BuiltTemplate {
  return builtTemplate(userTemplate(template, undefined), { ...place, ...over }, defaults);
}

function terms(template: BuiltTemplate): unknown {
  const spec = template.body['spec'] as {
    affinity?: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: unknown } } };
  };
  return spec.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
}

function constraints(template: BuiltTemplate): unknown {
  return (template.body['spec'] as JsonObject)['topologySpreadConstraints'];
}

describe('the template of a zone, defaults v1', () => {
  it('is the user’s, labelled, tied to the zone and spread over nodes', () => {
    const required = { nodeSelectorTerms: [{ matchExpressions: [inZone] }] };
    const expected = {
      metadata: { labels },
      spec: {
        containers,
        topologySpreadConstraints: [spread],
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      },
    };
    assert.deepEqual(built({ spec: { containers } }, {}, 'v1').body, expected, newVersion);
  });

  it('keeps everything that the user wrote beside it', () => {
    const user: JsonObject = {
      metadata: { labels: { team: 'kitchen' }, annotations: { note: 'hot' } },
      spec: {
        containers,
        nodeSelector: { disk: 'ssd' },
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [],
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          },
        },
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }],
      },
    };
    const expected = {
      metadata: { labels: { team: 'kitchen', ...labels }, annotations: { note: 'hot' } },
      spec: {
        containers,
        nodeSelector: { disk: 'ssd' },
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] },
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [],
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] },
          },
        },
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }, spread],
      },
    };
    assert.deepEqual(built(user, {}, 'v1').body, expected, newVersion);
  });

  it('names the zone in every one of the user’s terms, which are alternatives', () => {
    const ssd = { key: 'disk', operator: 'In', values: ['ssd'] };
    const named = { key: 'metadata.name', operator: 'In', values: ['node-1'] };
    const nodeSelectorTerms = [{ matchExpressions: [ssd] }, { matchFields: [named] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    assert.deepEqual(
      terms(built({ spec: { containers, affinity: { nodeAffinity } } }, {}, 'v1')),
      [{ matchExpressions: [ssd, inZone] }, { matchFields: [named], matchExpressions: [inZone] }],
      newVersion,
    );
  });

  it('asks for nodes without the label in the zone of nodes that have none', () => {
    const template = built({ spec: { containers } }, { zone: UNZONED }, 'v1');
    const unlabelled = { key: 'topology.kubernetes.io/zone', operator: 'DoesNotExist' };
    assert.deepEqual(terms(template), [{ matchExpressions: [unlabelled] }], newVersion);
    assert.deepEqual(template.body['metadata'], { labels: { ...labels, 'kitchen.dev/zone': 'none' } }, newVersion);
  });

  it('is tied to nothing while there is no zone', () => {
    assert.equal(terms(built({ spec: { containers } }, { zone: ANYWHERE }, 'v1')), undefined, newVersion);
  });

  it('leaves the user’s own spread over nodes as it is', () => {
    const own = [{ maxSkew: 2, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }];
    const spec = { containers, topologySpreadConstraints: own };
    assert.deepEqual(constraints(built({ spec }, {}, 'v1')), own, newVersion);
  });

  it('does not let the user’s labels name another zone or station', () => {
    const metadata = { labels: { 'kitchen.dev/zone': 'elsewhere' } };
    assert.deepEqual(built({ metadata, spec: { containers } }, {}, 'v1').body['metadata'], { labels });
  });
});

describe('the template of a zone, defaults v3', () => {
  it('spreads the pods of one template by a label, so that a pod can be copied: matchLabelKeys forbids that', () => {
    const { body, hash } = built({ spec: { containers } }, {}, 'v3');
    const metadata = body['metadata'] as JsonObject;
    assert.deepEqual(metadata['labels'], { ...labels, 'kitchen.dev/template': hash });
    const { matchLabelKeys: _, labelSelector, ...rest } = spread;
    const matchLabels = { ...labelSelector.matchLabels, 'kitchen.dev/template': hash };
    assert.deepEqual(constraints(built({ spec: { containers } }, {}, 'v3')), [
      { ...rest, labelSelector: { matchLabels } },
    ]);
    const other = built({ spec: { containers: [{ name: 'grill', image: 'example.org/grill:2' }] } }, {}, 'v3');
    assert.notDeepEqual(constraints(other), constraints(built({ spec: { containers } }, {}, 'v3')));
  });

  it('is otherwise that of v2', () => {
    const containersOf = (version: string): unknown =>
      (built({ spec: { containers } }, {}, version).body['spec'] as JsonObject)['containers'];
    assert.deepEqual(containersOf('v3'), containersOf('v2'));
  });
});

describe('the template of a zone, defaults v2', () => {
  const [grill] = containers;
  const sleep = { preStop: { sleep: { seconds: 5 } } };
  const specOf = (spec: JsonObject): JsonObject => built({ spec }, {}, 'v2').body['spec'] as JsonObject;
  const changed = newVersion.replaceAll('v1', 'v2');

  it('is that of v1, but that its containers sleep before they stop, in time of their own', () => {
    const v1 = built({ spec: { containers } }, {}, 'v1').body['spec'] as JsonObject;
    const expected = { ...v1, containers: [{ ...grill, lifecycle: sleep }], terminationGracePeriodSeconds: 35 };
    assert.deepEqual(specOf({ containers }), expected, changed);
  });

  it('adds the sleep to the time that the user gives pods to stop', () => {
    assert.equal(
      specOf({ containers, terminationGracePeriodSeconds: 60 })['terminationGracePeriodSeconds'],
      65,
      changed,
    );
  });

  it('leaves a container’s own preStop as it is, and what else happens in its life', () => {
    const own = { name: 'own', lifecycle: { preStop: { exec: { command: ['drain'] } } } };
    const warm = { postStart: { exec: { command: ['warm'] } } };
    const spec = specOf({
      containers: [own, { name: 'warmed', lifecycle: warm }],
      initContainers: [{ name: 'first' }],
    });
    assert.deepEqual(spec['containers'], [own, { name: 'warmed', lifecycle: { ...warm, ...sleep } }], changed);
    assert.deepEqual(spec['initContainers'], [{ name: 'first' }], changed);
  });

  it('changes nothing if the user wants no sleep, or pods to be killed at once', () => {
    const none = { containers: [{ ...grill, lifecycle: { preStop: { sleep: { seconds: 0 } } } }] };
    const atOnce = { containers, terminationGracePeriodSeconds: 0 };
    for (const spec of [none, atOnce]) assert.deepEqual(specOf(spec), built({ spec }, {}, 'v1').body['spec'], changed);
  });
});

describe('a template that moves to another zone', () => {
  const own = { key: 'disk', operator: 'Exists' };
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [own] }, { matchFields: [own] }],
      },
    },
  };
  const template = { metadata: { annotations: { note: 'hot' } }, spec: { containers, affinity } };
  const zones = ['zone-a', 'zone-b', UNZONED].map(zoneName);

  it('is what the user’s template yields there, from and to any zone', () => {
    for (const from of zones) {
      for (const to of zones) {
        for (const user of [template, { spec: { containers } }]) {
          assert.deepEqual(movedTemplate(built(user, { zone: from }).body, from, to), built(user, { zone: to }).body);
        }
      }
    }
  });
});

describe('the version of the defaults', () => {
  it('is the newest for a new template, and said', () => {
    assert.equal(built({ spec: { containers } }).defaults, NEWEST_DEFAULTS);
  });

  it('of a newer operator is kept, and applied as the newest that is known', () => {
    const template = built({ spec: { containers } }, {}, 'v99');
    assert.equal(template.defaults, 'v99');
    assert.deepEqual(template.body, built({ spec: { containers } }).body);
  });
});

describe('the hash of a template', () => {
  const template = { metadata: { annotations: { note: 'hot' } }, spec: { containers } };

  it('is that of what the user wrote, whatever the zone and the defaults', () => {
    assert.equal(built(template).hash, hashOf(template));
    assert.equal(built(template, { zone: UNZONED }, 'v99').hash, hashOf(template));
  });

  it('changes when a restart is asked for, which goes into the pods as an annotation', () => {
    const { body, hash } = userTemplate(template, '2026-01-02T03:04:05Z');
    assert.notEqual(hash, hashOf(template));
    assert.deepEqual(body['metadata'], {
      annotations: { note: 'hot', 'kitchen.dev/restarted-at': '2026-01-02T03:04:05Z' },
    });
  });

  it('is made once for a template object, and again for an equal object and for another restart', () => {
    const [once, later] = ['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'];
    assert.equal(userTemplate(template, once), userTemplate(template, once));
    assert.notEqual(userTemplate(structuredClone(template), once), userTemplate(template, once));
    assert.deepEqual(userTemplate(structuredClone(template), once), userTemplate(template, once));
    assert.notEqual(userTemplate(template, later).hash, userTemplate(template, once).hash);
    assert.equal(userTemplate(template, undefined).hash, hashOf(template));
  });
});
