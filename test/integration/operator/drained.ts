import assert from 'node:assert/strict';

/** How the API server answers when it evicts no pod: the budget, no such pod, and two for a budget that others changed just then. */
export const evictionRefusals: ReadonlySet<number> = new Set([429, 404, 409, 504]);

/** Fails unless the station never had fewer than its demand. */
export function neverBelow(demand: number, least: number): void {
  assert.ok(least >= demand, `it fell to ${least} of ${demand}`);
}

/** Fails when more were made than can be: what is spare may go before it is replaced, or while it is, and is then refilled. */
export function madeFor(moved: number, made: number): void {
  assert.ok(made >= moved && made <= 2 * moved, `${made} made for ${moved}`);
}
