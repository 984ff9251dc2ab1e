import assert from 'node:assert/strict';
import { verdict } from '../../operator/kube/errors.ts';
import { errorFromAnswer } from '../../operator/kube/status.ts';

function answered(status: number, message: string): ReturnType<typeof errorFromAnswer> {
  return errorFromAnswer({ doing: 'growing grill', status, text: JSON.stringify({ kind: 'Status', message }) });
}

describe('an error answer', () => {
  it('of an apply with a field that the server does not know is a refusal, although it is sent as 500', () => {
    const why = 'failed to create typed patch object (food/x): .spec.imagge: field not declared in schema';
    const error = answered(500, why);
    assert.deepEqual([error.code, verdict(error).kind], ['invalid', 'refused']);
    assert.equal(error.message, `growing grill: ${why}`);
  });

  it('carries the server’s reason for the whole object as a word for programs', () => {
    const causes = [{ reason: 'NamespaceTerminating', message: 'it ends', field: 'metadata.namespace' }];
    const text = JSON.stringify({ kind: 'Status', message: 'it is forbidden', details: { causes } });
    assert.deepEqual(errorFromAnswer({ doing: 'growing grill', status: 403, text }).causes, causes);
  });

  it('of any other 500 is trouble', () => {
    assert.equal(verdict(answered(500, 'etcdserver: request timed out')).kind, 'trouble');
  });
});
