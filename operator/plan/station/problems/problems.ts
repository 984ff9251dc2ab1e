/*
 * Problems: lists what keeps the promise from being kept, each with what a person can do.
 *
 * Example: the station declares `survive.zones: 1`, and only one zone can be used. The problem is `TooFewZones`, and it
 * says to lower the figure or to add zones.
 */
import type { Picture, ZonePicture } from '../picture.ts';
import { ANYWHERE, showZone } from '../../../api/zone.ts';
import type { Child } from '../../../model/child.ts';
import { isSure } from '../../../model/pod.ts';
import type { Problem } from '../../../model/plan.ts';
import { contestedChildren, scaledChildrenProblems } from '../rules/contested.ts';
import { foreignPods } from '../rules/foreignPods.ts';
import { failedTemplate, goodBefore, rolloutFailure } from '../rules/failedRollout.ts';
import { hubProblems } from './hubs.ts';
import { leavingNodesTakePods } from './leavingNodes.ts';
import { shiftProblems } from './shifts.ts';
import { silentNodes } from './silentNodes.ts';
import { childrenDeleting } from '../rules/deleting.ts';
import { portsNotServed } from '../rules/portsNotServed.ts';
import { isAdjusted } from '../../children/minDomains.ts';
import { stuckAt } from '../rules/stuckZone.ts';
import { withoutRoom } from '../room.ts';
import { outdatedZones } from '../rules/rollOut.ts';
import { count } from '../../../model/words.ts';
import { unevenZones } from '../rules/evenOut.ts';
import { unfitProblems } from '../rules/unfit.ts';

/** What keeps the promise from being kept, each with its cure. */
export function problemsOf(picture: Picture): readonly Problem[] {
  return [
    ...takenNames(picture),
    ...missingZones(picture),
    ...allLost(picture),
    ...beyondArithmetic(picture),
    ...picture.zones.flatMap((zone) => noRoom(picture, zone)),
    ...unfitProblems(picture),
    ...unevenNodes(picture),
    ...leavingNodesTakePods(picture),
    ...silentNodes(picture),
    ...foreignBudgetProblems(picture),
    ...foreignPods(picture),
    ...nothingSpare(picture),
    ...childrenDeleting(picture),
    ...portsNotServed(picture, outdatedZones(picture).length > 0),
    ...refusedTemplate(picture),
    ...adjustedTemplate(picture),
    ...failedRollouts(picture),
    ...stuckZones(picture),
    ...contestedChildren(picture),
    ...scaledChildrenProblems(picture),
    ...hubProblems(picture),
    ...shiftProblems(picture),
  ];
}

function takenNames({ snapshot, zones }: Picture): readonly Problem[] {
  const children: readonly Child<unknown>[] = [
    snapshot.service,
    snapshot.budget,
    ...zones.map((zone) => zone.view.deployment),
  ];
  return children.flatMap((child) =>
    child.state === 'taken'
      ? [
          problem(
            'NameTaken',
            `${child.name} belongs to ${child.by}: rename the station or the Kitchen, or remove that object`,
          ),
        ]
      : [],
  );
}

function missingZones({ zones }: Picture): readonly Problem[] {
  const absent = zones.filter((zone) => zone.view.state === 'absent').map((zone) => showZone(zone.name));
  const nowhere = zones.some((zone) => zone.name === ANYWHERE && zone.view.declared);
  return [
    ...(absent.length === 0
      ? []
      : [
          problem(
            'ZoneMissing',
            `spec.zones names ${absent.join(', ')}, where the station can run on no node: correct the name, or add nodes with that topology.kubernetes.io/zone`,
          ),
        ]),
    ...(nowhere
      ? [
          problem(
            'NoZone',
            'no node takes the station’s pods: check its node selector, affinity and tolerations, or add nodes',
          ),
        ]
      : []),
  ];
}

function allLost({ zones }: Picture): readonly Problem[] {
  const declared = zones.filter((zone) => zone.view.declared);
  if (declared.length === 0 || declared.some((zone) => zone.view.state !== 'lost')) return [];
  if (declared.some(({ alive }) => alive.some(isSure))) return [];
  const names = declared.map((zone) => showZone(zone.name)).join(', ');
  return [problem('NoZone', `${names}: no zone has a healthy node; all is left as it is until one has`)];
}

function beyondArithmetic({ snapshot, solution, zones }: Picture): readonly Problem[] {
  const { survive } = snapshot.station.spec;
  const live = zones.filter(({ view, frozen }) => view.declared && view.state !== 'absent' && !frozen);
  const nodes = live.reduce((sum, zone) => sum + zone.view.nodes.count, 0);
  return solution.beyond
    .filter((kind) => kind !== 'room' || !isOnlyDeleting(zones))
    .map((kind) => {
      if (kind === 'zones') {
        return problem(
          'TooFewZones',
          `survive.zones ${survive.zones} needs at least ${survive.zones + 1} zones, and ${count(live.length, 'zone')} can be used: lower it or add zones`,
        );
      }
      if (kind === 'nodes') {
        return problem(
          'TooFewNodes',
          `survive.nodes ${survive.nodes} needs at least ${survive.nodes + 1} nodes, and ${count(nodes, 'node')} can be used: lower it or add nodes`,
        );
      }
      return problem(
        'NoRoom',
        `the zones have room for ${solution.total} pods: add nodes, or let the station ask for less`,
      );
    });
}

/** Zones are full only because their Deployments are being deleted, which another problem tells. */
function isOnlyDeleting(zones: Picture['zones']): boolean {
  const full = zones.filter(({ view }) => view.full !== undefined);
  return full.length > 0 && full.every(({ view }) => view.deployment.state === 'deleting');
}

function noRoom(picture: Picture, zone: ZonePicture): readonly Problem[] {
  if (zone.view.deployment.state === 'deleting') return [];
  const name = showZone(zone.name);
  const pending = withoutRoom(zone);
  const slow = zone.alive.filter((pod) => pod.slow && !pod.ready && !zone.owed.includes(pod));
  const words = pending[0]?.unschedulable?.message;
  const failure = zone.deployment?.replicaFailure;
  const found: Problem[] = [];
  if (words !== undefined) {
    const message = `${count(pending.length, 'pod')} in ${name} without a node: ${words}`;
    found.push({ ...problem('NoRoom', message), reason: 'Unschedulable' });
  }
  if (failure !== undefined && rolloutFailure(picture, zone)?.reason !== 'NotMade') {
    found.push({ ...problem('NoRoom', `no pod can be made in ${name}: ${failure}`), reason: 'NotMade' });
  }
  if (slow.length > 0 && !zone.rolling) {
    const message = `${count(slow.length, 'pod')} in ${name} not Ready after three times as long as others took`;
    found.push({ ...problem('NoRoom', message), reason: 'NeverReady' });
  }
  return found;
}

function unevenNodes(picture: Picture): readonly Problem[] {
  const zones = unevenZones(picture);
  if (zones.length === 0 || zones.some(({ tried }) => !tried)) return [];
  const loads = zones.map(({ zone, loads: pods }) => `${showZone(zone.name)} holds ${pods}`).join('; ');
  return [
    problem(
      'NodesUneven',
      `pods on each node: ${loads}; one more pod did not even them out: make room on the nodes with few pods, or check the template’s own spread and affinity`,
    ),
  ];
}

function foreignBudgetProblems({ snapshot }: Picture): readonly Problem[] {
  if (snapshot.foreignBudgets.length === 0) return [];
  const names = snapshot.foreignBudgets.join(', ');
  return [
    problem(
      'ForeignBudget',
      `PodDisruptionBudget ${names} selects this station’s pods too: the API server evicts no pod that two budgets select; remove it or narrow its selector`,
    ),
  ];
}

function nothingSpare({ demand, target }: Picture): readonly Problem[] {
  if (demand === 0 || target > demand) return [];
  return [
    problem(
      'DrainNeedsOperator',
      `target equals demand (${demand}): drains wait until the operator has added pods, and node autoscalers see no allowance; with survive.pods 1 they do not depend on the operator`,
    ),
  ];
}

function refusedTemplate({ snapshot }: Picture): readonly Problem[] {
  if (snapshot.templateRefused === undefined) return [];
  return [problem('Refused', `${snapshot.templateRefused.message}; what ran before goes on; correct the template`)];
}

function adjustedTemplate({ snapshot }: Picture): readonly Problem[] {
  if (!isAdjusted(snapshot)) return [];
  const message =
    'minDomains on topology.kubernetes.io/zone is left out: each zone has a Deployment of its own, where it would admit only maxSkew pods; the operator spreads pods over zones anyway: take it out of topologySpreadConstraints';
  return [{ ...problem('TemplateAdjusted', message), reason: 'MinDomainsDropped' }];
}

function failedRollouts(picture: Picture): readonly Problem[] {
  const failed = failedTemplate(picture);
  const before =
    failed === undefined ? [] : [{ zone: failed.in, failure: failed.failure, cure: 'it went back to what ran before' }];
  const now = picture.zones.flatMap((zone) => {
    const failure = rolloutFailure(picture, zone);
    return failure === undefined ? [] : [{ zone, failure, cure: wayBack(picture, zone) }];
  });
  return [...before, ...now].map(({ zone, failure, cure }) => ({
    ...problem('RolloutFailed', `${showZone(zone.name)}: ${failure.words}; ${cure}: correct the template`),
    reason: failure.reason,
  }));
}

function wayBack({ snapshot }: Picture, zone: ZonePicture): string {
  if (goodBefore(zone) === undefined) return 'there is no earlier template to go back to';
  return snapshot.rollBackRefused?.message ?? 'it goes back to what ran before';
}

function stuckZones({ zones }: Picture): readonly Problem[] {
  return zones.flatMap((zone) => {
    const stuck = stuckAt(zone);
    if (stuck === undefined) return [];
    return [
      { ...problem('ZoneStuck', `${showZone(zone.name)} gets no further: ${stuck.words}`), reason: stuck.reason },
    ];
  });
}

function problem(kind: Problem['kind'], message: string): Problem {
  return { kind, message };
}
