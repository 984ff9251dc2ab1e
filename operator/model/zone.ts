import type { ZoneName } from '../api/zone.ts';
import type { PodView } from './pod.ts';
import type { Child, DeploymentView } from './child.ts';

/**
 * - `live`: has a node that is healthy or leaving.
 * - `failing`: live, of 3 nodes or more, more than half of which were lost within 15 s and still are.
 * - `returning`: was lost or failing, and is so no more for less than 2 min.
 * - `lost`: known, and none of its nodes is healthy or leaving.
 * - `absent`: declared, but the cluster has never shown a node of it.
 */
export type ZoneState = 'live' | 'failing' | 'returning' | 'lost' | 'absent';

export interface ZoneView {
  readonly name: ZoneName;
  /** False: no longer one of the station's zones; its pods go once they are sure elsewhere. */
  readonly declared: boolean;
  readonly state: ZoneState;
  /** Why it takes no more pods, in the words of who refuses them; undefined while it may take more. */
  readonly full: string | undefined;
  /** Nodes the station may run on, whatever their state; new ones are left out. */
  readonly nodes: readonly NodeView[];
  readonly deployment: Child<DeploymentView>;
  readonly pods: readonly PodView[];
  /** For so long its Deployment has been at something without another pod getting Ready; undefined while it is at nothing. */
  readonly unsettledMs: number | undefined;
  /** Why no node there takes pods of the newest template, in words (`no node has disk=sdd`); absent while one does. */
  readonly newestUnfit?: string;
  /** The newest template itself names other zones; absent while it does not. */
  readonly isKeptOut?: true;
  /** The same as `newestUnfit` for the template that its Deployment has: nothing can be made there, and what runs there runs on. */
  readonly runningUnfit?: string;
  /** How long its Deployment has not been let make pods of the template that it runs; absent while it is. */
  readonly notMadeMs?: number;
  /** Pods that a ReplicaSet of it made one after another, and that all ended as Failed; absent while that is not so. */
  readonly failing?: FailingPods;
}

/** `suspect`: its Lease is not renewed while others are, and the API still calls it Ready. */
export type NodeState = 'healthy' | 'leaving' | 'lost' | 'suspect';

export interface NodeView {
  readonly name: string;
  readonly state: NodeState;
  /** How long it has been in this state. */
  readonly stateMs: number;
  /** It is leaving, and the scheduler still sends pods of ours there. */
  readonly isOpen?: true;
}

/** Pods that end as Failed again and again, by the ReplicaSet that makes them. */
export interface FailingPods {
  readonly replicaSet: string;
  /** Of the newest, in the words of who ended it. */
  readonly reason: string;
  readonly message: string;
  /** How long this has been going on, and how long ago the newest was first seen. */
  readonly ageMs: number;
  readonly newestMs: number;
}
