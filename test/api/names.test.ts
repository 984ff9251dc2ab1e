import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  DEPLOYMENT_NAME_MAX,
  deploymentName,
  nameProblem,
  STATION_NAME_MAX,
  stationName,
  zoneSlug,
} from '../../operator/api/names.ts';
import { ANYWHERE, UNZONED, zoneOf } from '../../operator/api/zone.ts';

const labelValue = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

describe('names', () => {
  it('joins Kitchen, station and zone with dashes', () => {
    assert.equal(stationName('pizzeria', 'grill'), 'pizzeria-grill');
    assert.equal(deploymentName('pizzeria', 'grill', zoneOf('zone-a')), 'pizzeria-grill-zone-a');
  });

  it('names the two special zones none and any', () => {
    assert.equal(deploymentName('pizzeria', 'grill', UNZONED), 'pizzeria-grill-none');
    assert.equal(deploymentName('pizzeria', 'grill', ANYWHERE), 'pizzeria-grill-any');
  });

  it('gives real zones called none or any a hash, so that they differ from the special ones', () => {
    assert.match(zoneSlug(zoneOf('none')), /^none-h[0-9a-f]{8}$/);
    assert.match(zoneSlug(zoneOf('any')), /^any-h[0-9a-f]{8}$/);
  });

  it('makes a DNS label of a zone name that is not one, and keeps its readable part', () => {
    assert.match(zoneSlug(zoneOf('Rack_12.East')), /^rack-12-east-h[0-9a-f]{8}$/);
    assert.notEqual(zoneSlug(zoneOf('Zone-a')), zoneSlug(zoneOf('zone_a')));
  });

  it('gives a zone that is spelled like the hash form of another one a hash of its own', () => {
    const forged = zoneOf(zoneSlug(zoneOf('Zone')));
    assert.notEqual(zoneSlug(forged), zoneSlug(zoneOf('Zone')));
  });

  it('makes short, different DNS labels of any two zones', () => {
    fc.assert(
      fc.property(labelValue, labelValue, (one, other) => {
        const [a, b] = [zoneSlug(zoneOf(one)), zoneSlug(zoneOf(other))];
        assert.match(a, dnsLabel);
        assert.ok(a.length <= 32);
        assert.equal(a === b, one === other);
      }),
    );
  });

  it('puts the hash alone where the zone would make a Deployment name too long', () => {
    const kitchen = 'k'.repeat(STATION_NAME_MAX - 6);
    const name = deploymentName(kitchen, 'grill', zoneOf('northamerica-northeast1-a'));
    assert.match(name, /-grill-h[0-9a-f]{8}$/);
    assert.equal(name.length, DEPLOYMENT_NAME_MAX);
  });

  it('makes no Deployment name too long for any zone, once Kitchen and station names have passed', () => {
    const long = fc.stringMatching(/^[a-z]{1,40}$/);
    fc.assert(
      fc.property(long, long, labelValue, (kitchen, station, zone) => {
        fc.pre(nameProblem(kitchen, station) === undefined);
        const name = deploymentName(kitchen, station, zoneOf(zone));
        assert.ok(name.length <= DEPLOYMENT_NAME_MAX);
        assert.match(name, dnsLabel);
      }),
    );
  });

  it('says what is too long and what would be right', () => {
    assert.equal(nameProblem('k'.repeat(41), 'grill'), undefined);
    assert.match(
      nameProblem('k'.repeat(42), 'grill') ?? '',
      /^k+-grill has 48 characters: .* at most 47 characters.* shorten/,
    );
    assert.match(nameProblem('pizzeria', 's'.repeat(41)) ?? '', /has 41 characters: it may have at most 40$/);
  });

  it('says how a name must look when it is not a DNS label', () => {
    assert.match(nameProblem('pizza.roma', 'grill') ?? '', /^metadata\.name "pizza\.roma": .* such as pizzeria$/);
    assert.match(nameProblem('pizzeria', 'Grill') ?? '', /^station name "Grill": .* such as grill$/);
    assert.match(nameProblem('4cheese', 'grill') ?? '', /begin with a letter/);
  });
});
