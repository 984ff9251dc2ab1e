import assert from 'node:assert/strict';
import { withServiceAccount } from '../../operator/apply/serviceAccount.ts';
import { aBudget, aDeployment } from '../builders/childObjects.ts';

describe('the ServiceAccount of a Deployment that is applied', () => {
  const rows: readonly (readonly [string, object, string])[] = [
    ['is none under both names where the template has none', {}, ''],
    ['is written under both names', { serviceAccountName: 'grill' }, 'grill'],
    ['is taken from its old name too', { serviceAccount: 'grill' }, 'grill'],
    [
      'is the one under its new name where the two differ',
      { serviceAccountName: 'grill', serviceAccount: 'old' },
      'grill',
    ],
  ];
  for (const [what, given, account] of rows) {
    it(what, () => {
      const body = aDeployment({ spec: { template: { spec: { hostIPC: false, ...given } } } });
      assert.deepEqual(withServiceAccount(body), {
        ...body,
        spec: {
          ...(body['spec'] as object),
          template: { spec: { hostIPC: false, serviceAccountName: account, serviceAccount: account } },
        },
      });
    });
  }

  it('is set on Deployments only', () => {
    const budget = aBudget();
    assert.equal(withServiceAccount(budget), budget);
  });
});
