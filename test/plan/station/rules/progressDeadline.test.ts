import assert from 'node:assert/strict';
import type { PodTemplate } from '../../../../operator/api/podtemplate.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import type { JsonObject } from '../../../../operator/api/kubernetes/json.ts';
import { deploymentIntent } from '../../../../operator/plan/children/deployment.ts';
import { progressDeadlineSeconds } from '../../../../operator/plan/station/rules/progressDeadline.ts';
import { planStation } from '../../../../operator/plan/station/planStation.ts';
import { after, spec } from '../../../builders/changes.ts';
import { served, settled } from '../../../builders/served.ts';

function startingFor(seconds: number): PodTemplate {
  const startupProbe = { periodSeconds: 1, failureThreshold: seconds };
  return { spec: { containers: [{ name: 'grill', image: 'example.org/grill:1', startupProbe }] } };
}

describe('the progress deadline', () => {
  const rows: readonly (readonly [string, number | undefined, PodTemplate, number])[] = [
    ['is Kubernetes’ own where pods start fast enough', undefined, startingFor(300), 600],
    ['leaves a pod five minutes beyond what its probes allow', undefined, startingFor(1200), 1500],
    ['is what the station says, longer or shorter', 60, startingFor(1200), 60],
    ['is what the station says without probes', 3600, { spec: { containers: [{ name: 'grill' }] } }, 3600],
  ];
  for (const [what, asked, template, seconds] of rows) {
    it(what, () => {
      const given = asked === undefined ? {} : { progressDeadlineSeconds: asked };
      assert.equal(progressDeadlineSeconds(given, template), seconds);
    });
  }

  const zones = { 'zone-a': { nodes: 3, pods: 7 } };
  const written = (snapshot: Snapshot, template: 'newest' | 'asItRuns' = 'asItRuns'): unknown => {
    const { body } = deploymentIntent(snapshot, snapshot.zones[0]!, { replicas: 7, template });
    return (body['spec'] as JsonObject)['progressDeadlineSeconds'];
  };

  it('is written only where it is not Kubernetes’ own, so that an upgrade of the operator writes nothing', () => {
    assert.equal(written(served({ demand: 6, zones })), undefined);
    assert.equal(written(served({ demand: 6, zones, station: { template: startingFor(1200) } })), 1500);
  });

  it('is that of the template which the zone runs', () => {
    const slow = served({ demand: 6, zones, station: { template: startingFor(1200) } });
    const faster = after(slow, spec({ template: startingFor(900) }));
    assert.equal(written(faster), 1500);
    assert.equal(written(faster, 'newest'), 1200);
  });

  it('is changed by one write of each Deployment, which leaves its template', () => {
    const before = served({ demand: 6, survive: { pods: 1 }, zones });
    const asked = after(before, spec({ progressDeadlineSeconds: 1800 }));
    const { steps } = planStation(asked);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['mend'],
    );
    assert.deepEqual(planStation(settled(asked)).steps, []);
  });
});
