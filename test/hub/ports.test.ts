import assert from 'node:assert/strict';
import { array, assert as check, constantFrom, property, uniqueArray } from 'fast-check';
import { allot, hubPortName, stationOfPort } from '../../operator/hub/ports.ts';
import type { GivenPorts } from '../../operator/hub/ports.ts';
import { portsIn, portsObject } from '../../operator/hub/portsObject.ts';

const range = { first: 20_000, last: 20_002 };
const none: GivenPorts = { ports: new Map(), next: 0 };

describe('ports on the hubs', () => {
  it('are given from the start of the range on, and kept', () => {
    const first = allot(new Set(['d.a.80', 'd.b.80']), none, range);
    assert.deepEqual(
      [...first.ports],
      [
        ['d.a.80', 20_000],
        ['d.b.80', 20_001],
      ],
    );
    const second = allot(new Set(['d.b.80', 'd.c.80']), first, range);
    assert.deepEqual(
      [...second.ports],
      [
        ['d.b.80', 20_001],
        ['d.c.80', 20_002],
      ],
    );
  });

  it('are not given again before the range is at its end', () => {
    const first = allot(new Set(['d.a.80']), none, range);
    const gone = allot(new Set(), first, range);
    const other = allot(new Set(['d.b.80']), gone, range);
    assert.equal(other.ports.get('d.b.80'), 20_001);
  });

  it('are told where the range has none left', () => {
    const { ports, without } = allot(new Set(['d.a.1', 'd.a.2', 'd.a.3', 'd.a.4']), none, range);
    assert.equal(ports.size, 3);
    assert.deepEqual(without, ['d.a.4']);
  });

  it('outside a range that has changed are given anew', () => {
    const { ports } = allot(new Set(['d.a.80']), { ports: new Map([['d.a.80', 31_000]]), next: 31_001 }, range);
    assert.deepEqual([...ports], [['d.a.80', 20_000]]);
  });

  it('are always different, inside the range, and the same for who keeps one', () => {
    const names = uniqueArray(constantFrom(...Array.from({ length: 8 }, (_, at) => `d.s${at}.80`)));
    check(
      property(array(names, { maxLength: 12 }), (turns) => {
        const wide = { first: 20_000, last: 20_005 };
        let given = none;
        for (const turn of turns) {
          const now = allot(new Set(turn), given, wide);
          const numbers = [...now.ports.values()];
          assert.equal(new Set(numbers).size, numbers.length);
          assert.ok(numbers.every((port) => port >= wide.first && port <= wide.last));
          assert.equal(now.ports.size + now.without.length, turn.length);
          assert.ok(now.without.length === 0 || now.ports.size === 6);
          for (const name of turn) if (given.ports.has(name)) assert.equal(now.ports.get(name), given.ports.get(name));
          given = now;
        }
      }),
    );
  });

  it('are read back from the object as they were written', () => {
    const given = allot(new Set(['d.a.80', 'd.b.80']), none, range);
    const read = portsIn(portsObject(given, { namespace: 'kitchen-system', resourceVersion: undefined }));
    assert.deepEqual([...read.ports], [...given.ports]);
    assert.equal(read.next, given.next);
    assert.equal(read.bypassed, undefined);
  });

  it('come with a note on the hubs that are bypassed', () => {
    const object = portsObject(none, { namespace: 'kitchen-system', resourceVersion: undefined });
    const annotations = { 'kitchen.dev/bypassed-hubs': 'uid of the hubs' };
    assert.equal(portsIn({ ...object, metadata: { ...object.metadata, annotations } }).bypassed, 'uid of the hubs');
  });

  it('lead back to the Station', () => {
    const ports = new Map([[hubPortName({ namespace: 'default', name: 'pizzeria-grill' }, 80), 20_000]]);
    assert.equal(stationOfPort(20_000, ports), 'default/pizzeria-grill');
    assert.equal(stationOfPort(20_001, ports), undefined);
  });
});
