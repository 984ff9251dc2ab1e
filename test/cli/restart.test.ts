import assert from 'node:assert/strict';
import { askRestart } from '../../operator/cli/restart.ts';
import { stations } from '../../operator/api/resources.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { aStation } from '../builders/kitchen.ts';

const at = { namespace: 'food', name: 'pizzeria-grill' };
const time = '2026-01-01T12:00:00.000Z';

describe('askRestart', () => {
  it('leaves a note on the Station and touches nothing else', async () => {
    const client = new FakeClient();
    const { spec } = aStation();
    client.put(
      { resource: stations, ...at },
      { spec, metadata: { ...aStation().metadata, annotations: { mine: 'stays' } } },
    );
    await askRestart(client, at, time);
    assert.deepEqual(client.writes, ['patch /apis/kitchen.dev/v1alpha1/namespaces/food/stations/pizzeria-grill']);
    const after = await client.get({ resource: stations, ...at });
    assert.deepEqual(after.metadata.annotations, { mine: 'stays', 'kitchen.dev/restarted-at': time });
    assert.deepEqual((after as unknown as { spec: unknown }).spec, spec);
    assert.equal(client.calls[0]?.manager, 'kubectl-kitchen');
  });

  it('says what could not be done', async () => {
    const client = new FakeClient();
    await assert.rejects(askRestart(client, at, time), /not found/);
    assert.equal((client.calls[0]?.options as { doing: string } | undefined)?.doing, 'restarting food/pizzeria-grill');
  });
});
