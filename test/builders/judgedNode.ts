import type { JudgedNode } from '../../operator/observe/nodes/nodes.ts';
import { projectNode } from '../../operator/observe/project.ts';
import { aNode } from './nodeObjects.ts';

/** A node that has been healthy since 0 unless told otherwise. */
export function aJudgedNode(name: string, over: Partial<JudgedNode> = {}): JudgedNode {
  return {
    object: projectNode(aNode({ name })),
    state: 'healthy',
    sinceMs: 0,
    isNew: false,
    readySinceMs: 0,
    downSinceMs: undefined,
    turnsAtMs: undefined,
    isGoing: false,
    isOutgoing: false,
    evictsAtMs: undefined,
    renewedAt: undefined,
    lease: undefined,
    isTelling: false,
    leaving: undefined,
    ...over,
  };
}
