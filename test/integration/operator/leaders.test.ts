import assert from 'node:assert/strict';
import type { KubeObject } from '../../../operator/api/kubernetes/object.ts';
import { leases } from '../../../operator/api/kubernetes/resource.ts';
import { release } from '../../../tools/generate/helm.ts';
import { writesOf } from './audit.ts';
import { aKitchen, aStation } from './kitchens.ts';
import { openStage, operatorUser } from './stage.ts';
import type { OperatorProcess, Stage } from './stage.ts';

interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity?: string };
}

describe('two replicas of the operator', function () {
  this.timeout(900_000);
  let stage: Stage;
  let first: OperatorProcess;
  let second: OperatorProcess;

  before(async () => {
    // With the short grace all nodes would seem to die at once while the API server is away.
    stage = await openStage({ nodes: 1, audit: true, graceSeconds: 50 });
    first = await stage.operator('first');
    await leads(first);
    second = await stage.operator('second');
    await logs(second, /^synced in/);
    await stage.apply(
      aKitchen('pizzeria', {
        survive: { zones: 1 },
        stations: [aStation({ replicas: 2 }), aStation({ name: 'till' })],
      }),
    );
    await stage.settled('pizzeria');
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const logs = (operator: OperatorProcess, words: RegExp): Promise<void> =>
    stage.until(`the log says ${words}`, async () => {
      const log = await operator.log();
      assert.ok(
        log.some(({ msg }) => words.test(msg)),
        log.map(({ msg }) => msg).join('\n'),
      );
    });
  const leads = (operator: OperatorProcess): Promise<void> => logs(operator, /^leading$/);

  /** Asks for demand and waits until it is served: the work of whoever leads. */
  async function serve(demand: number, pods: number): Promise<void> {
    await stage.kubectl('scale', 'stn/pizzeria-till', `--replicas=${demand}`);
    await stage.until(`${demand} are served`, () => assert.equal(stage.census.running('pizzeria-till').length, pods));
    await stage.settled('pizzeria');
  }

  /** Whose token wrote, in the order of the writes, each named once for as long as nobody else wrote. */
  async function writers(): Promise<readonly string[]> {
    const writes = await writesOf(operatorUser, stage.cluster.auditLog);
    return writes.map(({ credential }) => credential).filter((each, at, all) => each !== all[at - 1]);
  }
  const credentials = (...operators: readonly OperatorProcess[]): readonly string[] =>
    operators.map(({ credential }) => credential);

  it('carries on after the API server restarts', async () => {
    const watching = stage.census.begin('pizzeria-grill');
    // Told to end in good order it waits a minute for those who watch, and loses the leader its Lease.
    await stage.cluster.restartApiServer('SIGKILL');
    const [victim] = stage.census.running('pizzeria-till');
    await stage.kubectl('delete', 'pod', victim?.name ?? '', '--wait=false');
    await serve(3, 5);
    assert.deepEqual([watching.least(), watching.made()], [3, 0]);
    const stops = (await first.log()).filter(({ msg }) => msg === 'stopped');
    assert.deepEqual(stops, []);
  });

  it('writes from one of them only', async () => {
    assert.deepEqual(await writers(), credentials(first));
  });

  it('hands over to the other replica when the leader is killed', async () => {
    await first.stop('SIGKILL');
    await leads(second);
    await serve(2, 3);
    assert.deepEqual(await writers(), credentials(first, second));
  });

  it('hands over when the leader is told to stop, which gives the Lease back', async () => {
    const at = { resource: leases, namespace: release.namespace, name: release.name };
    const holder = (await stage.client.get<Lease>(at)).spec.holderIdentity;
    const third = await stage.operator('third');
    await logs(third, /^synced in/);
    await second.stop('SIGTERM');
    assert.notEqual((await stage.client.get<Lease>(at)).spec.holderIdentity, holder);
    assert.deepEqual(
      (await second.log()).slice(-2).map(({ msg }) => msg),
      ['stopping: waiting for the running passes to end', 'stopped'],
    );
    await leads(third);
    await serve(4, 6);
    assert.deepEqual(await writers(), credentials(first, second, third));
  });
});
