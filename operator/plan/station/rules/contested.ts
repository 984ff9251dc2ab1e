/*
 * Contested: tells which field of a child does not keep our value, who changes it, and what a person can do.
 *
 * - Admission: a webhook or policy changes the object while we write it, and we stay the owner of the field. We write
 *   it again after 5 s, then after twice as long each time, up to 1 min. We do not write a pod template again, because
 *   each write of it replaces pods. That change is only reported.
 * - Another manager: it changes a field after our write. We set back the first change at once, and the second. Then we
 *   wait 5 s, and twice as long each time, up to 2 min (apply/pace.ts). A write of ours with other content never waits,
 *   so that losses are made good at once even during such a fight.
 * - An autoscaler that targets a Deployment of ours: it is reported before it changes anything.
 *
 * Example: a program scales the Deployment of zone-a to 1 every few seconds. Each time we set it back to 3, ever later,
 * and `Contested` names the program's field manager.
 */
import type { Contest } from '../../../model/contest.ts';
import type { Picture, ZonePicture } from '../picture.ts';
import type { Problem } from '../../../model/plan.ts';
import type { KubeObject } from '../../../api/kubernetes/object.ts';
import { changedFields } from '../../../api/kubernetes/changedFields.ts';
import { isOwned } from '../../../api/kubernetes/managedFields.ts';
import { deploymentIntent, runsNewestTemplate } from '../../children/deployment.ts';
import { stationName } from '../../../api/names.ts';
import { API_VERSION } from '../../../api/labels.ts';

/** A change that happens once is a person's mistake: it is set back and not reported. */
const OFTEN = 2;

/** What others change in the station's children. */
export function contestedChildren(picture: Picture): readonly Problem[] {
  const { contests = [] } = picture.snapshot;
  return [
    ...together(contests.filter(({ by }) => by === 'admission')).map(byAdmission),
    ...together(picture.zones.flatMap((zone) => admittedTemplate(picture, zone))).map(byAdmissionOfTemplates),
    ...contests.filter(({ by, times }) => by !== 'admission' && times >= OFTEN).map((each) => byOther(picture, each)),
  ];
}

/** Autoscalers that scale a Deployment, which only the operator should scale. */
export function scaledChildrenProblems({ snapshot }: Picture): readonly Problem[] {
  return (snapshot.scaledChildren ?? []).map(({ autoscaler, deployment }) => ({
    kind: 'DemandContested',
    reason: 'AutoscalerOnDeployment',
    message: `HorizontalPodAutoscaler ${autoscaler} scales Deployment ${deployment}, whose replicas the operator sets: point its scaleTargetRef at ${targetOf(snapshot.station.spec)}`,
  }));
}

function targetOf({ kitchen, station }: Picture['snapshot']['station']['spec']): string {
  return `Station ${stationName(kitchen, station)} (apiVersion ${API_VERSION})`;
}

/** One admission rule changes the children of all zones in one way: make one sentence of it. */
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
    message: `admission keeps ${path} of ${object} at ${found} (asked: ${asked}): change the webhook or policy that does this, or exempt children of Kitchens from it; the operator tries again within a minute`,
  };
}

function byOther({ snapshot }: Picture, { object, path, by, asked, found, times }: Contest): Problem {
  const isScaled = path === 'spec.replicas';
  const many = times >= 10 ? '10 times or more' : `${times} times`;
  const cost = isScaled && Number(found) < Number(asked) ? '; each time Ready pods may go, no budget prevents it' : '';
  const cure = isScaled ? `scale ${targetOf(snapshot.station.spec)} instead` : 'change it in the Kitchen instead';
  return {
    kind: 'Contested',
    reason: 'OtherManager',
    message: `${path} of ${object} was set to ${found} by ${by} ${many} in a row; the operator sets it back to ${asked}, later each time${cost}: ${cure}`,
  };
}

function byAdmissionOfTemplates({ object, path, asked, found }: Contest): Problem {
  return {
    kind: 'Contested',
    reason: 'Admission',
    message: `admission keeps ${path} of ${object} at ${found} (asked: ${asked}): change the webhook or policy that does this, then restart the station; until then its pods run like this`,
  };
}

/** The first field of a zone's pod template that is not as we wrote it, although no other manager owns it. */
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
