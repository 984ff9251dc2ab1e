import assert from 'node:assert/strict';
import { stationNamed } from '../../operator/cli/stationNamed.ts';
import { stations } from '../../operator/api/resources.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { aStation } from '../builders/kitchen.ts';

function clientWith(...pairs: readonly (readonly [kitchen: string, station: string])[]): FakeClient {
  const client = new FakeClient();
  for (const [kitchen, station] of pairs) {
    const { metadata, spec } = aStation({ kitchen, station });
    client.put({ resource: stations, namespace: 'food', name: metadata.name }, { metadata, spec });
  }
  return client;
}

describe('stationNamed', () => {
  const found = async (client: FakeClient, name: string): Promise<string> =>
    (await stationNamed(client, 'food', name)).metadata.name;

  it('takes the full name, with or without its kind', async () => {
    const client = clientWith(['pizzeria', 'grill'], ['bistro', 'grill']);
    for (const given of [
      'bistro-grill',
      'station/bistro-grill',
      'stations.kitchen.dev/bistro-grill',
      'stn/bistro-grill',
    ])
      assert.equal(await found(client, given), 'bistro-grill');
  });

  it('takes the name inside its Kitchen when only one Kitchen has it', async () => {
    assert.equal(await found(clientWith(['pizzeria', 'grill'], ['pizzeria', 'oven']), 'oven'), 'pizzeria-oven');
  });

  it('prefers the full name to the name inside a Kitchen', async () => {
    assert.equal(await found(clientWith(['a', 'b-c'], ['a-b', 'c'], ['x', 'a-b-c']), 'a-b-c'), 'a-b-c');
  });

  it('asks which one is meant when several Kitchens have it', async () => {
    const client = clientWith(['pizzeria', 'grill'], ['bistro', 'grill'], ['pizzeria', 'oven']);
    await assert.rejects(
      found(client, 'grill'),
      /^Error: 2 Kitchens in namespace food have a station grill: say which of pizzeria-grill, bistro-grill$/,
    );
  });

  it('names the Stations there are, or says that there is none', async () => {
    await assert.rejects(
      found(clientWith(['pizzeria', 'grill'], ['pizzeria', 'oven']), 'till'),
      /^Error: no station "till" in namespace food; there are pizzeria-grill, pizzeria-oven$/,
    );
    await assert.rejects(found(clientWith(), 'till'), /; there is none$/);
  });

  it('says how to get the CRDs where there are none, and passes on all other trouble', async () => {
    const client = clientWith();
    client.failNext('list', 'stations', { code: 'notServed' });
    await assert.rejects(found(client, 'grill'), /this cluster knows no Stations: install the operator first/);
    client.failNext('list', 'stations', { code: 'forbidden', why: 'you may not' });
    await assert.rejects(found(client, 'grill'), /you may not/);
  });
});
