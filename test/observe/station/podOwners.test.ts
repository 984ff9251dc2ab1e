import { aKey } from '../../builders/aKey.ts';
import assert from 'node:assert/strict';
import { FirstSeen } from '../../../operator/engine/memory.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import type { Stores, WritableStores } from '../../../operator/observe/stores.ts';
import { takeSnapshot } from '../../../operator/observe/station/takeSnapshot.ts';
import { aDeployment } from '../../builders/childObjects.ts';
import { aNode } from '../../builders/nodeObjects.ts';
import { aPod, aReplicaSet } from '../../builders/podObjects.ts';
import type { PodParts } from '../../builders/podObjects.ts';
import { drop, pizzeriaWith, put } from '../../builders/stores.ts';

const replicaSet = { kind: 'ReplicaSet', name: 'pizzeria-grill-zone-a-rs1', uid: 'uid-pizzeria-grill-zone-a-rs1' };

function snapshotOf(stores: Stores, nowMs = 0, memory = new FirstSeen()): Snapshot {
  const snapshot = takeSnapshot(aKey('food/pizzeria-grill'), stores, { memory, nowMs });
  assert.ok(snapshot !== undefined);
  return snapshot;
}

/** Pods by zone, and strangers: `zone-a: one two; strangers: three`. */
function inWords({ zones, strangers }: Snapshot): string {
  const own = zones.filter(({ pods }) => pods.length > 0).map(({ name, pods }) => `${name}: ${namesOf(pods)}`);
  return [...own, ...(strangers.length === 0 ? [] : [`strangers: ${namesOf(strangers)}`])].join('; ');
}

const namesOf = (pods: readonly { readonly name: string }[]): string => pods.map(({ name }) => name).join(' ');

/** `zone-a` with its Deployment and these pods; the ReplicaSets that they name have been heard of. */
function zoneWith(...pods: readonly PodParts[]): WritableStores {
  return pizzeriaWith(aNode(), aDeployment(), ...pods.map(aPod));
}

describe('the owner of a pod', () => {
  it('follows from who controls it, not from its labels', () => {
    const stores = zoneWith(
      { name: 'ours' },
      { name: 'ours-in-another-zone-by-its-label', labels: { 'kitchen.dev/zone': 'zone-b' } },
      { name: 'pizzeria-grill-zone-a-rs1-let-go', controller: null },
      { name: 'pizzeria-grill-zone-a-rs1-quarantined', controller: null, hash: 'quarantine' },
      { name: 'of-a-job', controller: { ...replicaSet, kind: 'Job' } },
    );
    const own = 'ours ours-in-another-zone-by-its-label';
    const others = 'of-a-job pizzeria-grill-zone-a-rs1-let-go pizzeria-grill-zone-a-rs1-quarantined';
    assert.equal(inWords(snapshotOf(stores)), `zone-a: ${own}; strangers: ${others}`);
  });

  it('is another Deployment that copied our labels, whatever it calls its ReplicaSet', () => {
    const stores = zoneWith({ name: 'copy' });
    const controller = { kind: 'Deployment', name: 'copycat', uid: 'uid-copycat' };
    put(stores, { ...aReplicaSet({ controller }) });
    assert.equal(inWords(snapshotOf(stores)), 'strangers: copy');
    assert.equal(snapshotOf(stores).strangers[0]?.controller, 'ReplicaSet pizzeria-grill-zone-a-rs1');
  });

  it('is not found by a name that only begins alike: zone-a and zone-a-b', () => {
    const names = { 'zone-a': 'one', 'zone-a-b': 'two' };
    const zones = Object.keys(names);
    const stores = pizzeriaWith(
      ...zones.flatMap((zone) => [aNode({ name: `node-${zone}`, zone }), aDeployment({ zone })]),
    );
    for (const [zone, name] of Object.entries(names)) stores.pods.changed(aPod({ name, zone, node: `node-${zone}` }));
    const both = 'zone-a: one; zone-a-b: two';
    assert.equal(inWords(snapshotOf(stores)), both, 'before their ReplicaSets were heard of');
    for (const zone of zones) put(stores, aReplicaSet({ zone }));
    assert.equal(inWords(snapshotOf(stores)), both);
  });

  it('is found by the name of a ReplicaSet that was not seen yet, for a minute', () => {
    const stores = pizzeriaWith(aNode(), aDeployment());
    stores.pods.changed(aPod({ name: 'early' }));
    const memory = new FirstSeen();
    assert.equal(inWords(snapshotOf(stores, 0, memory)), 'zone-a: early');
    assert.equal(snapshotOf(stores, 20_000, memory).lookAgainMs, 40_000);
    assert.equal(inWords(snapshotOf(stores, 60_000, memory)), 'strangers: early');
    put(stores, aReplicaSet());
    assert.equal(inWords(snapshotOf(stores, 61_000, memory)), 'zone-a: early');
  });

  it('does not depend on a ReplicaSet that lost our labels', () => {
    const stores = zoneWith({ name: 'left' });
    const memory = new FirstSeen();
    drop(stores, { ...aReplicaSet() });
    snapshotOf(stores, 0, memory);
    assert.equal(inWords(snapshotOf(stores, 60_000, memory)), 'strangers: left');
  });

  it('is the Deployment that takes over a ReplicaSet without a controller, if it has the right name', () => {
    const stores = zoneWith({ name: 'orphan' });
    put(stores, { ...aReplicaSet({ controller: null }) });
    assert.equal(inWords(snapshotOf(stores)), 'zone-a: orphan');
    put(stores, { ...aReplicaSet({ controller: null, name: replicaSet.name, zone: 'zone-x' }) });
    assert.equal(inWords(snapshotOf(stores)), 'strangers: orphan', 'its Deployment let go of it');
    const elsewhere = zoneWith({ name: 'orphan', controller: { ...replicaSet, name: 'web-rs1', uid: 'uid-web' } });
    const { metadata } = aReplicaSet({ name: 'web-rs1', controller: null });
    put(elsewhere, { kind: 'PartialObjectMetadata', metadata: { ...metadata, uid: 'uid-web' } });
    assert.equal(inWords(snapshotOf(elsewhere)), 'strangers: orphan');
  });

  it('is none of ours once the pod ran to its end, although the API calls it Ready', () => {
    const [stranger] = snapshotOf(zoneWith({ name: 'failed', phase: 'Failed' })).strangers;
    assert.deepEqual([stranger?.name, stranger?.ready, stranger?.ended], ['failed', true, true]);
  });

  it('does not say how long a station’s pods take to start', () => {
    const slow = zoneWith(
      { name: 'ours', readyAt: false },
      { name: 'bare', controller: null, boundAt: 0, readyAt: 500 },
    );
    const memory = new FirstSeen();
    snapshotOf(slow, 0, memory);
    assert.equal(snapshotOf(slow, 3_600_000, memory).zones[0]?.pods[0]?.slow, false, 'none of ours was ever Ready');
  });
});

describe('a stranger', () => {
  it('is a lasting one after ten seconds', () => {
    const stores = zoneWith({ name: 'canary', controller: null });
    const memory = new FirstSeen();
    const lasting = (nowMs: number): boolean | undefined => snapshotOf(stores, nowMs, memory).strangers[0]?.lasting;
    assert.equal(lasting(0), false);
    assert.equal(snapshotOf(stores, 4_000, memory).lookAgainMs, 6_000);
    assert.equal(lasting(10_000), true);
  });

  it('tells how long it has been seen being deleted', () => {
    const stores = zoneWith({ name: 'canary', controller: null, deleting: true });
    const memory = new FirstSeen();
    assert.equal(snapshotOf(stores, 0, memory).strangers[0]?.deletingMs, 0);
    assert.equal(snapshotOf(stores, 3_000, memory).strangers[0]?.deletingMs, 3_000);
  });

  it('is not a pod with the labels of another station, though their Deployments could have one name', () => {
    const [kitchen, station] = ['pizzeria-grill', 'zone'];
    const stores = pizzeriaWith(aNode(), aDeployment());
    stores.pods.changed(aPod({ name: 'theirs', kitchen, station, controller: replicaSet }));
    assert.equal(inWords(snapshotOf(stores)), '');
  });

  it('is not a pod with the labels of another station of this Kitchen', () => {
    const stores = zoneWith({ name: 'canary', station: 'oven', controller: null });
    assert.deepEqual(snapshotOf(stores).strangers, []);
  });
});
