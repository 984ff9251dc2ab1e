import assert from 'node:assert/strict';
import { kitchens, stations } from '../../operator/api/resources.ts';
import { endOf, endShift, shiftZone } from '../../operator/cli/shift.ts';
import type { Shifting } from '../../operator/cli/shift.ts';
import { FakeClient } from '../builders/fakeClient.ts';
import { aKitchen, aStation } from '../builders/kitchen.ts';

const until = '2026-12-01T13:00:00Z';
const shift = { zone: 'zone-b', until };

/** A cluster with these Kitchens as `namespace/name`, each with a station in zone-a and zone-b. */
function cluster(...names: readonly string[]): FakeClient {
  const client = new FakeClient();
  for (const each of names) {
    const [namespace = '', name = ''] = each.split('/');
    client.put(
      { resource: kitchens, namespace, name },
      { spec: { ...aKitchen().spec }, metadata: { labels: { name } } },
    );
    const zones = ['zone-a', 'zone-b'].map((zone) => ({ name: zone, state: 'Live', target: 3, ready: 3 }));
    client.put({ resource: stations, namespace, name: `${name}-grill` }, { spec: aStation().spec, status: { zones } });
  }
  return client;
}

function shifting(client: FakeClient, over: Partial<Shifting> = {}): Shifting & { readonly said: readonly string[] } {
  const said: string[] = [];
  const scope = { namespace: 'food', kitchen: undefined, labelSelector: undefined };
  return { client, ...scope, say: (line) => said.push(line), said, ...over };
}

const applied = ({ calls }: FakeClient): unknown =>
  calls
    .filter(({ verb }) => verb === 'apply')
    .map(({ path, manager, body }) => [path.split('/').slice(-3), manager, body]);

describe('the end of a shift', () => {
  const now = new Date('2026-12-01T12:00:00.250Z');
  it('is so long from now, in whole seconds', () => {
    assert.equal(endOf('1h', now), '2026-12-01T13:00:01Z');
    assert.equal(endOf('168h', now), '2026-12-08T12:00:01Z');
  });
  for (const wrong of ['', '1', '1d', '0m', '-1h', '169h']) {
    it(`is refused for ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => endOf(wrong, now), /--for .*: give a duration up to 168h, such as 30m or 1h/);
    });
  }
});

describe('kubectl kitchen shift', () => {
  it('declares the shift as a field manager of that zone, and nothing else', async () => {
    const client = cluster('food/pizzeria');
    const asked = shifting(client);
    await shiftZone(asked, { ...shift, reason: 'slow disks' });
    const metadata = { name: 'pizzeria', namespace: 'food', uid: 'uid-pizzeria' };
    assert.deepEqual(applied(client), [
      [
        ['food', 'kitchens', 'pizzeria'],
        'kubectl-kitchen-shift-zone-b',
        {
          apiVersion: 'kitchen.dev/v1alpha1',
          kind: 'Kitchen',
          metadata,
          spec: { shifts: [{ ...shift, reason: 'slow disks' }] },
        },
      ],
    ]);
    assert.deepEqual(client.calls.find(({ verb }) => verb === 'apply')?.options, {
      fieldManager: 'kubectl-kitchen-shift-zone-b',
      doing: 'shifting zone-b in Kitchen food/pizzeria',
    });
    assert.match(
      asked.said.join(),
      /kitchen.kitchen.dev\/pizzeria \(food\): requests leave zone-b until 2026-12-01T13/,
    );
  });

  it('is for every Kitchen of the namespace, for one, for those with a label, or for all namespaces', async () => {
    const written = async (over: Partial<Shifting>): Promise<readonly string[]> => {
      const client = cluster('food/pizzeria', 'food/trattoria', 'drinks/bar');
      await shiftZone(shifting(client, over), shift);
      return client.writes.map((each) => each.split('/').at(-1) ?? '');
    };
    assert.deepEqual(await written({}), ['pizzeria', 'trattoria']);
    assert.deepEqual(await written({ kitchen: 'trattoria' }), ['trattoria']);
    assert.deepEqual(await written({ labelSelector: 'name=pizzeria' }), ['pizzeria']);
    assert.deepEqual(await written({ namespace: undefined }), ['pizzeria', 'trattoria', 'bar']);
  });

  it('refuses a zone that no station is in, and a Kitchen that is not there', async () => {
    const client = cluster('food/pizzeria');
    await assert.rejects(shiftZone(shifting(client), { ...shift, zone: 'zone-x' }), /their zones are zone-a, zone-b$/);
    await assert.rejects(shiftZone(shifting(client, { kitchen: 'bar' }), shift), /no Kitchen "bar" in namespace food/);
    await assert.rejects(shiftZone(shifting(cluster()), shift), /no Kitchen in namespace food/);
    assert.deepEqual(client.writes, []);
  });

  it('asks a person for no right to list Stations', async () => {
    const client = cluster('food/pizzeria');
    client.failNext('list', '/stations', { code: 'forbidden' });
    await shiftZone(shifting(client), shift);
    assert.equal(client.writes.length, 1);
    client.failNext('list', '/stations', { code: 'unavailable', why: 'down' });
    await assert.rejects(shiftZone(shifting(client), shift), /down/);
  });

  it('goes on with the other Kitchens where one refuses it, and says what to do about another manager', async () => {
    const client = cluster('food/pizzeria', 'food/trattoria');
    client.failNext('apply', '/pizzeria', { code: 'conflict', why: 'conflict with "flux"' });
    await assert.rejects(
      shiftZone(shifting(client), shift),
      /food\/pizzeria: .*conflict with "flux"; change spec\.shifts where that manager declares it/,
    );
    assert.ok(client.writes.at(-1)?.endsWith('/trattoria'));
  });
});

describe('kubectl kitchen shift --off', () => {
  it('gives up the entry', async () => {
    const client = cluster('food/pizzeria');
    const asked = shifting(client);
    await endShift(asked, 'zone-b');
    const metadata = { name: 'pizzeria', namespace: 'food', uid: 'uid-pizzeria' };
    assert.deepEqual(applied(client), [
      [
        ['food', 'kitchens', 'pizzeria'],
        'kubectl-kitchen-shift-zone-b',
        { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Kitchen', metadata },
      ],
    ]);
    assert.match(asked.said.join(), /requests come back to zone-b/);
  });

  it('says who else declares it', async () => {
    const client = cluster('food/pizzeria');
    const entry = { '.': {}, 'f:zone': {}, 'f:until': {} };
    const managedFields = [
      { manager: 'flux', fieldsV1: { 'f:spec': { 'f:shifts': { 'k:{"zone":"zone-b"}': entry } } } },
      { manager: 'others', fieldsV1: { 'f:spec': { 'f:shifts': { 'k:{"zone":"zone-c"}': entry } } } },
    ];
    client.put(
      { resource: kitchens, namespace: 'food', name: 'pizzeria' },
      { spec: { ...aKitchen().spec, shifts: [shift] }, metadata: { managedFields } },
    );
    await assert.rejects(endShift(shifting(client), 'zone-b'), /zone-b stays shifted: .* where flux declares it$/);
  });
});
