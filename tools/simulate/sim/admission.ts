import { labels } from '../../../operator/api/labels.ts';
import type { JsonObject } from '../../../operator/api/kubernetes/json.ts';
import { specialOf } from './images.ts';
import { isActive } from './objects.ts';
import type { SimPod } from './objects.ts';
import type { Server } from './server.ts';

/** Whether the API server takes a pod: a quota on all pods of the namespace, and one on those of each zone. And whether a webhook lets a budget be written. */
export class Admission {
  readonly #server: Server;
  readonly #ofZones = new Map<string, number>();
  #ofAll = Number.POSITIVE_INFINITY;
  /** A rule lets no Deployment have more. */
  mostReplicas = Number.POSITIVE_INFINITY;
  /** Until then no budget may be written. */
  budgetsHeldUntilMs = 0;
  /** No Deployment may be given a template that it had before. */
  rollBacksRefused = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Lets there be so many pods, in a zone or in all; those that there are stay. */
  limit(pods: number, zone?: string): void {
    if (zone === undefined) this.#ofAll = pods;
    else this.#ofZones.set(zone, pods);
  }

  /** A webhook's words when it lets a Deployment not have this template. */
  deniesTemplate(name: string, hash: string): string | undefined {
    if (!this.rollBacksRefused) return undefined;
    const sets = this.#server.list('replicaSet').filter(({ deployment }) => deployment === name);
    const had = sets.find((set) => set.hash === hash);
    const isOlder = had !== undefined && sets.some(({ revision }) => revision > had.revision);
    return isOlder ? 'admission webhook "rollouts.example.org" denied the request: no way back' : undefined;
  }

  /** A webhook's words when it lets no budget be written. */
  deniesBudgets(nowMs: number): string | undefined {
    if (nowMs >= this.budgetsHeldUntilMs) return undefined;
    return 'admission webhook "budgets.example.org" denied the request: not now';
  }

  /** The API server's words when it refuses one more pod with these labels, of this template. */
  refuses(podLabels: JsonObject, template: JsonObject = {}): string | undefined {
    if (specialOf(template) === 'refuse') return 'pods "grill-1" is forbidden: violates PodSecurity "baseline:latest"';
    const zone = podLabels[labels.zone];
    const pods = this.#server.list('pod').filter(isActive);
    const inZone = pods.filter((pod) => zoneLabel(pod) === zone).length;
    const most = typeof zone === 'string' ? (this.#ofZones.get(zone) ?? Number.POSITIVE_INFINITY) : this.#ofAll;
    if (pods.length >= this.#ofAll) return exceeded(pods.length, this.#ofAll);
    return inZone >= most ? exceeded(inZone, most) : undefined;
  }
}

function zoneLabel(pod: SimPod): unknown {
  return pod.labels[labels.zone];
}

function exceeded(used: number, most: number): string {
  return `exceeded quota: pods, requested: pods=1, used: pods=${used}, limited: pods=${most}`;
}
