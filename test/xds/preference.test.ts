import assert from 'node:assert/strict';
import { Preference } from '../../operator/xds/preference.ts';

const hub = '10.0.0.1';

describe('which replica serves a hub', () => {
  it('is any, while no other leads', () => {
    const preference = new Preference(
      () => false,
      () => 0,
    );
    assert.deepEqual(preference.admit(hub, 5), { keptUntilMs: 5 });
    assert.equal(preference.isToMove({ keptUntilMs: 5 }, 5), false);
  });

  it('is the one that leads; a hub that keeps coming is kept for five', () => {
    const preference = new Preference(
      () => true,
      () => 0,
    );
    const answers = Array.from({ length: 17 }, (_, index) => preference.admit(hub, index * 1_000));
    assert.deepEqual(answers, [...Array.from({ length: 16 }, () => undefined), { keptUntilMs: 316_000 }]);
    assert.equal(preference.isToMove({ keptUntilMs: 316_000 }, 315_999), false);
    assert.equal(preference.isToMove({ keptUntilMs: 316_000 }, 316_000), true);
    // It begins from the start.
    assert.equal(preference.admit(hub, 77_000), undefined);
  });

  it('does not count what was long ago, nor what another hub did', () => {
    const preference = new Preference(
      () => true,
      () => 0,
    );
    for (let sent = 0; sent < 16; sent += 1) preference.admit(hub, sent);
    assert.equal(preference.admit('10.0.0.2', 16), undefined);
    assert.equal(preference.admit(hub, 60_016), undefined);
  });

  it('forgets the oldest of very many', () => {
    const preference = new Preference(
      () => true,
      () => 0,
    );
    for (let sent = 0; sent < 16; sent += 1) preference.admit(hub, sent);
    for (let other = 0; other < 2_000; other += 1) preference.admit(`10.1.0.${other}`, 20);
    assert.equal(preference.admit(hub, 21), undefined);
  });

  it('changes for a tenth of the hubs each second, when another begins to lead', () => {
    const chances = [0.05, 0.5, 0.09, 0.1];
    const preference = new Preference(
      () => true,
      () => chances.shift() ?? 1,
    );
    const moves = Array.from({ length: 4 }, () => preference.isToMove({ keptUntilMs: 0 }, 1));
    assert.deepEqual(moves, [true, false, true, false]);
  });
});
