import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { requestsOf } from './audit.ts';
import type { Noted } from './audit.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { openStage, operatorUser } from './stage.ts';
import type { Stage } from './stage.ts';

const minuteMs = 60_000;
/** A Station's status waits 5 s at most, and then that of its Kitchen as long again; nothing is on its way any more. */
const quietMs = 12_000;

describe('an operator with nothing to do', function () {
  this.timeout(900_000);
  let stage: Stage;

  before(async () => {
    // Leases are renewed all the time: with them as well there is nothing to do.
    stage = await openStage({ nodes: 1, audit: true, values: ['suspectAfter=25s'] });
    await stage.operator();
    await stage.apply(
      aKitchen('pizzeria', {
        survive: { zones: 1 },
        zones: ['zone-a', 'zone-b', 'zone-c'],
        stations: [
          aStation({ replicas: 6 }),
          aStation({ name: 'oven', replicas: 4, ports: [] }),
          aStation({ name: 'till' }),
        ],
      }),
      aKitchen('lean', { survive: { pods: 0 }, stations: [aStation({ name: 'bar', replicas: 2 })] }),
      aKitchen('paused', { paused: true, stations: [aStation({ name: 'stand', replicas: 2 })] }),
    );
    for (const name of ['pizzeria', 'lean']) await stage.settled(name);
    await stage.kubectl('scale', 'stn/pizzeria-till', '--replicas=3');
    await stage.until('the new demand is served', () => assert.equal(stage.census.running('pizzeria-till').length, 5));
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const requests = (): Promise<readonly Noted[]> => requestsOf(operatorUser, stage.cluster.auditLog);

  it('sends nothing when nothing changed: counted over 60 s, its Lease and its watches excepted', async () => {
    const begun = await stage.until('nothing was sent for a while', async () => {
      const sent = await requests();
      const last = sent.at(-1);
      assert.ok(last !== undefined, 'the audit log knows the operator');
      assert.ok(Date.now() - Date.parse(last.time) > quietMs, `${last.verb} ${last.path}`);
      return sent.length;
    });
    // The one thing that is measured here is time.
    await pause(minuteMs);
    const sent = (await requests()).slice(begun);
    assert.deepEqual(
      sent.map(({ verb, path }) => `${verb} ${path}`),
      [],
    );
  });
});
