import assert from 'node:assert/strict';
import { ANYWHERE, showZone, UNZONED, zoneOf } from '../../operator/api/zone.ts';

describe('zone', () => {
  it('takes an absent or empty label for the zone of nodes without one', () => {
    assert.equal(zoneOf(undefined), UNZONED);
    assert.equal(zoneOf(''), UNZONED);
    assert.equal(zoneOf('zone-a'), 'zone-a');
  });

  it('never takes a real zone for a special one', () => {
    assert.notEqual(zoneOf('none'), UNZONED);
    assert.notEqual(zoneOf('any'), ANYWHERE);
  });

  it('shows special zones in words and real ones by name', () => {
    assert.deepEqual([UNZONED, ANYWHERE, zoneOf('zone-a')].map(showZone), ['none', 'any', 'zone-a']);
  });
});
