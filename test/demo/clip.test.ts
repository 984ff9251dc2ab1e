import assert from 'node:assert/strict';
import { clip } from '../../tools/demo/clip.ts';

describe('clip', () => {
  it('leaves what fits', () => {
    assert.equal(clip('12345', 5), '12345');
    assert.equal(clip('\u001B[31m12345\u001B[39m', 5), '\u001B[31m12345\u001B[39m');
  });

  it('puts an ellipsis into the last column of what does not', () => {
    assert.equal(clip('123456', 5), '1234…');
  });

  it('ends colours where the text ended', () => {
    assert.equal(
      clip('\u001B[1m\u001B[31m123\u001B[39m456\u001B[22m', 5),
      '\u001B[1m\u001B[31m123\u001B[39m4…\u001B[22m',
    );
  });
});
