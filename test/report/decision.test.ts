import assert from 'node:assert/strict';
import { eventsOf } from '../../operator/report/decision.ts';
import type { News } from '../../operator/report/decision.ts';

describe('the event of what was decided', () => {
  const time = '2026-01-01T00:00:00Z';
  const regarding = { apiVersion: 'kitchen.dev/v1alpha1', kind: 'Station', name: 'pizzeria-grill' };

  function news(id: string, reason: string, why = 'a pod is lost'): News {
    const what = `${reason} ${id}`;
    const note = `${what}: ${why} [${id}]`;
    return { decision: { id, time, what, why }, event: { regarding, type: 'Normal', reason, action: 'Do', note } };
  }

  const told = (...all: readonly News[]): readonly (readonly string[])[] =>
    eventsOf(all).map(({ reason, action, note }) => [reason, action, note]);

  it('is none for no decision, and its own for one', () => {
    assert.deepEqual(told(), []);
    assert.deepEqual(told(news('a', 'ZoneGrown')), [['ZoneGrown', 'Do', 'ZoneGrown a: a pod is lost [a]']]);
  });

  it('is one for several of a kind, with all of their words', () => {
    const note = 'ZoneGrown a: a pod is lost [a]; ZoneGrown b: a pod is lost [b]';
    assert.deepEqual(told(news('a', 'ZoneGrown'), news('b', 'ZoneGrown')), [['ZoneGrown', 'Do', note]]);
  });

  it('is one for several kinds, under a reason of its own', () => {
    const note = 'ZoneGrown a: a pod is lost [a]; ZoneShrunk b: a pod is lost [b]';
    assert.deepEqual(told(news('a', 'ZoneGrown'), news('b', 'ZoneShrunk')), [['SeveralSteps', 'Reconcile', note]]);
  });

  it('leaves out reasons where not all ids would fit', () => {
    const long = Array.from({ length: 10 }, (_, index) => news(`id${index}`, 'ZoneGrown', 'ö'.repeat(60)));
    const [[, , note = ''] = []] = told(...long);
    assert.match(note, /^ZoneGrown id0 \[id0\]; .*; ZoneGrown id9 \[id9\]$/);
  });
});
