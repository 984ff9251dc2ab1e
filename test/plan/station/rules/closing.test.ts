import assert from 'node:assert/strict';
import type { NodeView } from '../../../../operator/model/zone.ts';
import { isClosing, mayClose } from '../../../../operator/plan/station/rules/closing.ts';
import { aNodeView, zoneNodes } from '../../../builders/snapshot.ts';

const open = (stateMs: number): NodeView => aNodeView({ state: 'leaving', stateMs, isOpen: true });
const closed = aNodeView({ state: 'leaving', stateMs: 5_000 });
const lost = aNodeView({ state: 'lost' });
const healthy = aNodeView();

describe('a closing zone', () => {
  const rows: readonly (readonly [string, readonly NodeView[], boolean, boolean])[] = [
    ['has no node but leaving ones, one of which takes pods', [open(5_000), closed], true, true],
    ['may have lost ones beside', [open(5_000), lost, aNodeView({ state: 'suspect' })], true, true],
    ['is none before one is leaving for 2 s', [open(1_999)], false, true],
    ['need not wait for every node to be leaving for so long', [open(2_000), open(0)], true, true],
    ['has no healthy node', [open(5_000), healthy], false, false],
    ['is none whose nodes take no pods: there they wait for room', [closed, lost], false, false],
    ['is none without a node', [], false, false],
  ];
  for (const [what, views, closes, may] of rows) {
    it(what, () => {
      const nodes = zoneNodes(views);
      assert.deepEqual([isClosing({ nodes }), mayClose({ nodes })], [closes, may]);
    });
  }
});
