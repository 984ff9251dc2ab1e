import assert from 'node:assert/strict';
import {
  annotations,
  childLabels,
  labels,
  selectorText,
  stationSelector,
  zoneSelector,
} from '../../operator/api/labels.ts';
import { UNZONED, zoneOf } from '../../operator/api/zone.ts';

describe('labels', () => {
  it('selects all pods of a station by Kitchen and station', () => {
    assert.equal(
      selectorText(stationSelector('pizzeria', 'grill')),
      'kitchen.dev/kitchen=pizzeria,kitchen.dev/station=grill',
    );
  });

  it('selects the pods of one zone by the slug of the zone', () => {
    assert.equal(zoneSelector('pizzeria', 'grill', zoneOf('zone-a'))[labels.zone], 'zone-a');
    assert.equal(zoneSelector('pizzeria', 'grill', UNZONED)[labels.zone], 'none');
    assert.match(zoneSelector('pizzeria', 'grill', zoneOf('Zone_A'))[labels.zone] ?? '', /^zone-a-h/);
  });

  it('carries the selector and the recommended labels on every child', () => {
    assert.deepEqual(childLabels('pizzeria', 'grill'), {
      'kitchen.dev/kitchen': 'pizzeria',
      'kitchen.dev/station': 'grill',
      'app.kubernetes.io/name': 'grill',
      'app.kubernetes.io/part-of': 'pizzeria',
      'app.kubernetes.io/managed-by': 'kitchen-operator',
    });
  });

  it('uses keys that Kubernetes takes: a prefix and at most 63 characters', () => {
    for (const key of [...Object.values(labels), ...Object.values(annotations)]) {
      assert.match(key, /^[a-z.]+\/[a-z][a-z-]{0,61}[a-z]$/);
    }
  });
});
