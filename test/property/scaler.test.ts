import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ApiError } from '../../operator/kube/errors.ts';
import { ScalerStage } from '../scale/scalerStage.ts';
import { check } from './check.ts';

const gone = new ApiError({ code: 'unavailable', doing: 'listing', why: 'no endpoints', status: 503 });

/** What happens while load stays: pods come and go, metrics fail or are sent again, time passes. */
type Happening =
  | { readonly kind: 'pods'; readonly pods: number }
  | { readonly kind: 'fails' | 'frozen'; readonly is: boolean }
  | { readonly kind: 'silent'; readonly pods: number }
  | { readonly kind: 'passes'; readonly seconds: number };

const seconds = fc.integer({ min: 1, max: 60 }).map((pairs) => ({ kind: 'passes', seconds: 2 * pairs }) as const);
const pods = fc.integer({ min: 4, max: 20 }).map((many) => ({ kind: 'pods', pods: many }) as const);
const fails = fc.boolean().map((is) => ({ kind: 'fails', is }) as const);
const frozen = fc.boolean().map((is) => ({ kind: 'frozen', is }) as const);
const silent = fc.integer({ min: 0, max: 3 }).map((many) => ({ kind: 'silent', pods: many }) as const);

async function happens(stage: ScalerStage, happening: Happening): Promise<void> {
  switch (happening.kind) {
    case 'pods':
      stage.run(happening.pods);
      break;
    case 'fails':
      stage.fails = happening.is ? gone : undefined;
      break;
    case 'frozen':
      stage.frozenAt = happening.is ? stage.clock.now() : undefined;
      break;
    case 'silent':
      stage.silent = happening.pods;
      break;
    case 'passes':
      await stage.pass(happening.seconds);
      break;
  }
}

/** The demands that were written for a load of 4.4 cores, 9 pods' worth, once demand was that. */
async function writtenWhile(happenings: readonly Happening[]): Promise<readonly number[]> {
  const stage = new ScalerStage();
  stage.run(14);
  await stage.pass(40);
  assert.equal(stage.demand, 9);
  const begun = stage.written.length;
  for (const happening of happenings) await happens(stage, happening);
  await stage.pass(600);
  return stage.written.slice(begun);
}

describe('the scaler under a load that stays', function () {
  this.timeout(300_000);

  it('writes nothing, whatever pods come and go, and however metrics fail or freeze', async () => {
    const happenings = fc.array(fc.oneof(seconds, pods, fails, frozen), { maxLength: 12 });
    await check(happenings, async (all) => assert.deepEqual(await writtenWhile(all), []));
  });

  it('never scales in by pods that are not heard', async () => {
    const happenings = fc.array(fc.oneof(seconds, pods, fails, frozen, silent), { maxLength: 12 });
    await check(happenings, async (all) => {
      for (const demand of await writtenWhile(all)) assert.ok(demand >= 9, String(demand));
    });
  });
});
