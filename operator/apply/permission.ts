import type { Client } from '../kube/client.ts';
import { isCode } from '../kube/errors.ts';
import { hasRight } from '../kube/rights.ts';
import { failed } from './result.ts';
import type { StepResult } from './result.ts';

/**
 * How a failed write is to be taken, and if it was forbidden, whether for want of a right. Quotas, Pod Security and admission answer
 * 403 in the same shape as RBAC does, so the API server is asked (docs/decisions/0025-what-was-forbidden-is-asked.md).
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
