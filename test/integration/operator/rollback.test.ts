import assert from 'node:assert/strict';
import { earlierOperator } from './earlier.ts';
import type { Earlier } from './earlier.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { openStage } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

/** The last commit that wrote a whole Deployment for each growth, with the count in its hash. */
const EARLIER = '2f8a23b';
const grill = { name: 'grill', replicas: 6 };

describe('an upgrade and a rollback of the operator', function () {
  this.timeout(900_000);
  let earlier: Earlier | undefined;
  let stage: Stage;
  let operator: OperatorProcess;

  before(async function () {
    earlier = await earlierOperator(EARLIER);
    // A shallow clone has no earlier commit.
    if (earlier === undefined) this.skip();
    stage = await openStage({ nodes: 3 });
    operator = await stage.operator('earlier', earlier.entry);
    await demand(6);
  });
  after(async () => {
    await stage?.[Symbol.asyncDispose]();
    await earlier?.[Symbol.asyncDispose]();
  });

  async function ask(replicas: number): Promise<void> {
    const stations = [aStation({ ...grill, replicas })];
    await stage.apply(aKitchen('pizzeria', { survive: { zones: 1 }, stations }));
  }

  async function demand(replicas: number): Promise<void> {
    await ask(replicas);
    await stage.settled('pizzeria');
  }

  /** Plays while no pod that runs may go: resolves when all has settled. */
  async function losesNoPod(play: () => Promise<void>): Promise<void> {
    const before = stage.census.running('pizzeria-grill').map(({ uid }) => uid);
    await play();
    await stage.settled('pizzeria');
    const now = new Set(stage.census.running('pizzeria-grill').map(({ uid }) => uid));
    assert.deepEqual(
      before.filter((uid) => !now.has(uid)),
      [],
    );
  }

  /** Another operator takes over in the middle of a growth, and then grows by itself. */
  async function takeOver(name: string, entry: string | undefined, more: readonly [number, number]): Promise<void> {
    await losesNoPod(async () => {
      await ask(more[0]);
      await operator.stop('SIGTERM');
      operator = await stage.operator(name, entry);
      await stage.settled('pizzeria');
      await demand(more[1]);
    });
  }

  it('loses no pod on the way up', () => takeOver('now', undefined, [8, 10]));

  it('loses no pod on the way back', () => takeOver('back', earlier?.entry, [12, 14]));

  it('loses no pod on the way up again, and gives back only what is asked', async () => {
    await takeOver('again', undefined, [16, 18]);
    const watching = stage.census.begin('pizzeria-grill');
    await demand(12);
    assert.equal(watching.least(), 18);
    assert.equal(watching.made(), 0);
  });
});
