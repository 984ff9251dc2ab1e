import assert from 'node:assert/strict';
import { growthsFor } from '../../../tools/bench/scale/floor.ts';
import type { ZoneDeployment } from '../../../tools/bench/scale/floor.ts';

function inZones(station: string): readonly ZoneDeployment[] {
  return ['zone-c', 'zone-a', 'zone-b'].map((zone) => ({
    name: `${station}-${zone}`,
    namespace: 'default',
    station,
    zone,
    replicas: 1,
  }));
}

describe('the floor', () => {
  const grown = (lost: readonly (readonly [string, number])[]): readonly string[] =>
    growthsFor([...inZones('k0-grill'), ...inZones('k1-grill')], { lost: new Map(lost), zone: 'zone-a' }).map(
      ({ deployment, replicas }) => `${deployment.name} ${replicas}`,
    );

  it('grows the living zones in turn', () => {
    assert.deepEqual(
      grown([
        ['k0-grill', 1],
        ['k1-grill', 1],
      ]),
      ['k0-grill-zone-b 2', 'k1-grill-zone-c 2'],
    );
  });

  it('sends one patch for each Deployment, whatever the number of pods', () => {
    assert.deepEqual(grown([['k0-grill', 3]]), ['k0-grill-zone-b 3', 'k0-grill-zone-c 2']);
  });

  it('refuses a station that has no Deployment left', () => {
    assert.throws(() => grown([['k2-grill', 1]]), /k2-grill has no Deployment outside zone-a/);
  });
});
