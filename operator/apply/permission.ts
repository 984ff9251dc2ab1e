import type { Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import { hasRight } from '../kube/rights.ts';
import { failed } from './result.ts';
import type { StepResult } from './result.ts';

/**
 * Judges a failed write. If it was forbidden, it asks the API server whether the operator lacks a right. The answer
 * itself does not say: quotas, Pod Security and admission answer 403 in the same form as RBAC does
 * (docs/decisions/0025-what-was-forbidden-is-asked.md).
 */
export async function failedOrNotPermitted<S>(step: S, error: unknown, client: Client): Promise<StepResult<S>> {
  const result = failed(step, error);
  if (result.outcome !== 'refused' || result.reason !== 'Refused' || !isCode(error, 'forbidden')) return result;
  const doing = `${result.message}; asking whether the operator lacks a right`;
  try {
    const has = await Promise.all(error.rights.map((right) => hasRight(client, right, { doing })));
    return has.includes(false) ? { ...result, reason: 'NotPermitted' } : result;
  } catch (unanswered) {
    return failed(step, unanswered);
  }
}
