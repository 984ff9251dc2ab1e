/*
 * Contested: what does not stay as we write it, who changes it, and the cure.
 *
 * - Admission: a rule changes what is written while it is written; we stay its owner. Written again after 5 s, then after twice
 *   as long each time, up to a minute. A pod template is not: each writing of it replaces pods. It is only said.
 * - Another manager: it changes a field afterwards. The first change is taken back at once, and so is the second; then after
 *   5 s, and twice as long each time, up to 2 min (apply/pace.ts). A change of ours that is another one is never held up, so that
 *   losses are made good at once in the middle of a fight.
 * - An autoscaler on a Deployment of ours: it is known before it fights.
 */
import type { Contest } from '../model/contest.ts';
import type { Picture, ZonePicture } from './picture.ts';
import type { Problem } from '../model/plan.ts';
import type { KubeObject } from '../api/kubernetes/object.ts';
import { changedFields } from '../api/kubernetes/changedFields.ts';
import { isOwned } from '../api/kubernetes/managedFields.ts';
import { deploymentIntent, runsNewestTemplate } from './children/deployment.ts';
import { stationName } from '../api/names.ts';
import { API_VERSION } from '../api/labels.ts';

/** Once is a person's mistake, which is taken back and forgotten. */
const OFTEN = 2;

/** What others do to children of the station. */
export function contestedChildren(picture: Picture): readonly Problem[] {
  const { contests = [] } = picture.snapshot;
  return [
    ...together(contests.filter(({ by }) => by === 'admission')).map(byAdmission),
    ...together(picture.zones.flatMap((zone) => admittedTemplate(picture, zone))).map(byAdmissionOfTemplates),
    ...contests.filter(({ by, times }) => by !== 'admission' && times >= OFTEN).map((each) => byOther(picture, each)),
  ];
}

/** Autoscalers that scale what is ours to scale. */
export function scaledChildren({ snapshot }: Picture): readonly Problem[] {
  return (snapshot.scaledChildren ?? []).map(({ autoscaler, deployment }) => ({
    kind: 'DemandContested',
    reason: 'AutoscalerOnDeployment',
    message: `HorizontalPodAutoscaler ${autoscaler} scales Deployment ${deployment}, whose replicas follow from the demand: let its scaleTargetRef be ${targetOf(snapshot.station.spec)}`,
  }));
}

function targetOf({ kitchen, station }: Picture['snapshot']['station']['spec']): string {
  return `Station ${stationName(kitchen, station)} (apiVersion ${API_VERSION})`;
}

/** The same rule changes the children of all zones alike: one sentence for all of them. */
function together(contests: readonly Contest[]): readonly Contest[] {
  const alike = Map.groupBy(contests, ({ path, asked, found }) => JSON.stringify([path, asked, found]));
  return [...alike.values()].flatMap(([first, ...others]) => {
    const names = [first, ...others].flatMap((each) => each?.object ?? []).toSorted();
    return first === undefined ? [] : [{ ...first, object: names.join(', ') }];
  });
}

function byAdmission({ object, path, asked, found }: Contest): Problem {
  return {
    kind: 'Contested',
    reason: 'Admission',
    message: `admission keeps ${path} of ${object} at ${found} (asked: ${asked}): change the rule that does, or let it leave children of Kitchens alone; it is tried again within a minute`,
  };
}

function byOther({ snapshot }: Picture, { object, path, by, asked, found, times }: Contest): Problem {
  const isScaled = path === 'spec.replicas';
  const many = times >= 10 ? '10 times or more' : `${times} times`;
  const cost = isScaled && Number(found) < Number(asked) ? '; each time Ready pods may go, past every budget' : '';
  const cure = isScaled ? `scale ${targetOf(snapshot.station.spec)} instead` : 'change it in the Kitchen instead';
  return {
    kind: 'Contested',
    reason: 'OtherManager',
    message: `${path} of ${object} was set to ${found} by ${by} ${many} in a row and is set back to ${asked}, ever later${cost}: ${cure}`,
  };
}

function byAdmissionOfTemplates({ object, path, asked, found }: Contest): Problem {
  return {
    kind: 'Contested',
    reason: 'Admission',
    message: `admission keeps ${path} of ${object} at ${found} (asked: ${asked}): change the rule that does, and restart the station; till then its pods run so`,
  };
}

/** What of the pod template in a zone is not as it was written, though nobody else owns it. */
function admittedTemplate({ snapshot }: Picture, { deployment, view }: ZonePicture): readonly Contest[] {
  if (deployment?.live === undefined || deployment.owned === undefined) return [];
  if (!runsNewestTemplate(snapshot, deployment)) return [];
  const { body } = deploymentIntent(snapshot, view, { replicas: deployment.replicas, template: 'asItRuns' });
  const { template } = body['spec'] as { readonly template: unknown };
  const intent = { metadata: {}, spec: { template } } as KubeObject;
  const [first] = changedFields(intent, deployment.live);
  if (first === undefined || !isOwned(deployment.owned, intent)) return [];
  const [found = '', asked = ''] = [first.found, first.asked].map((value) =>
    JSON.stringify(value ?? null).slice(0, 80),
  );
  return [{ object: deployment.name, path: first.path, by: 'admission', asked, found, times: 1 }];
}
