import assert from 'node:assert/strict';

/** Fails unless the station never had fewer than its demand. */
export function neverBelow(demand: number, least: number): void {
  assert.ok(least >= demand, `it fell to ${least} of ${demand}`);
}

/** Fails when more were made than can be: what is spare may go before it is replaced, or while it is, and is then refilled. */
export function madeFor(moved: number, made: number): void {
  assert.ok(made >= moved && made <= 2 * moved, `${made} made for ${moved}`);
}
