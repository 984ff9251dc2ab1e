import assert from 'node:assert/strict';
import { columns } from '../../operator/cli/columns.ts';

describe('columns', () => {
  it('are as wide as their widest cell, two spaces apart, with nothing behind the last', () => {
    assert.deepEqual(
      columns([
        ['NAME', 'N', ''],
        ['grill', '12', ''],
        ['x', '', ''],
      ]),
      ['  NAME   N', '  grill  12', '  x'],
    );
  });

  it('are not widened by colours', () => {
    const red = '\u001B[31mlost\u001B[39m';
    assert.deepEqual(
      columns([
        [red, 'a'],
        ['here!', 'b'],
      ]),
      [`  ${red}   a`, '  here!  b'],
    );
  });

  it('may be told how wide to be at least', () => {
    assert.deepEqual(columns([['a', 'b']], 4), ['  a     b']);
  });

  it('come from rows of different lengths, or from none', () => {
    assert.deepEqual(columns([['a'], ['b', 'c']]), ['  a', '  b  c']);
    assert.deepEqual(columns([]), []);
  });
});
