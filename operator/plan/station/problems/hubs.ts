import { hubRefusal, isForHubs } from '../../../api/hub.ts';
import type { HubConflict, HubsAway } from '../../../model/hub.ts';
import type { Problem } from '../../../model/plan.ts';
import { HUB_MISSING_MS } from '../../../model/thresholds.ts';
import type { Picture } from '../picture.ts';

/** Why a station that asks for hubs is not served through them. Its Service leads to the pods meanwhile. */
export function hubProblems({ snapshot: { station, hub } }: Picture): readonly Problem[] {
  if (station.spec.hub === undefined || station.spec.ports.length === 0) return [];
  const refusal = hubRefusal(station.spec);
  if (refusal !== undefined) return [{ kind: 'HubConflict', reason: 'Protocol', message: refusal }];
  const pods = hub?.podsService;
  if (pods?.state === 'taken') {
    const message = `Service ${pods.name} belongs to ${pods.by}, and hubs need one of this name: rename the station, or remove that Service`;
    return [{ kind: 'HubConflict', reason: 'NameTaken', message }];
  }
  if (isForHubs(station.spec) && hub?.conflict !== undefined) return [conflictProblem(hub.conflict)];
  if (isForHubs(station.spec) && hub?.refused !== undefined) return [refusedProblem(hub.refused)];
  if (!isForHubs(station.spec) || hub?.missingMs === undefined || hub.missingMs < HUB_MISSING_MS) return [];
  return [missingProblem(hub.missingWhy)];
}

function missingProblem(why: HubsAway | undefined): Problem {
  const plain = 'so its Service leads to the pods itself';
  if (why === 'Bypassed') {
    const message = `the hubs are bypassed, ${plain}: kubectl kitchen bypass --off ends that`;
    return { kind: 'HubMissing', reason: 'Bypassed', message };
  }
  if (why === 'NotLocal') {
    const message = `clients are led to the hubs of other nodes, since the data plane does not heed hints for nodes (kube-proxy does from Kubernetes 1.34 on), ${plain}: set hub.anyNode=true in the chart to use hubs all the same, or take spec.hub away`;
    return { kind: 'HubNotLocal', reason: 'OtherNode', message };
  }
  const message = `no hub is ready to serve this station, ${plain}: install hubs (helm upgrade … --set hub.enabled=true), or see why theirs are not ready (kubectl get pods -A -l app.kubernetes.io/component=hub)`;
  return { kind: 'HubMissing', reason: 'NotListed', message };
}

function conflictProblem({ kind, name, object }: HubConflict): Problem {
  const message =
    kind === 'Policy'
      ? `${object} selects the pods of this station and does not let hubs in, so its Service leads to the pods itself: add a rule for pods with the label app.kubernetes.io/name=kitchen-hub in the operator's namespace (whoever reaches a hub then reaches the station), or set hub: false`
      : `${object} is in the mesh ${name}, which takes every request of a hub for the hub's own, so the Service leads to the pods itself: take the station out of the mesh, or set hub: false`;
  return { kind: 'HubConflict', reason: kind === 'Policy' ? 'NetworkPolicy' : 'ServiceMesh', message };
}

function refusedProblem(refused: string): Problem {
  const message = `hubs refuse a part of what the operator tells them of this station, and go on with what they had: ${refused}. Report it as a fault of the operator`;
  return { kind: 'HubRefused', reason: 'Invalid', message };
}
