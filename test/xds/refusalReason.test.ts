import assert from 'node:assert/strict';
import { refusalReason } from '../../operator/xds/refusalReason.ts';

const resource = 'goo.gle/debugstr    \nname: "a"\naddress {\n  port_value: 99999\n}\n';

describe('the reason of a refusal', () => {
  for (const [what, message, reason] of [
    ['is all of a short message', "cannot bind '0.0.0.0:20000': Address already in use", undefined],
    [
      'comes last, after the resource',
      `${resource}: Proto constraint validation failed (Port: bad)`,
      'Proto constraint validation failed (Port: bad)',
    ],
    [
      'is somewhere else when Envoy cut it off',
      `${resource}...(truncated)`,
      'Envoy cut the reason off; the log of the hub has it in full',
    ],
  ] as const)
    it(what, () => assert.equal(refusalReason(message), reason ?? message));
});
