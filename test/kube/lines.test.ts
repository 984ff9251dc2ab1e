import assert from 'node:assert/strict';
import { lines } from '../../operator/kube/lines.ts';

async function read(chunks: readonly (string | Uint8Array)[], limit?: number): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const found: string[] = [];
  for await (const line of lines(stream(), limit)) found.push(line);
  return found;
}

describe('lines of a stream', () => {
  it('are the same however the stream is cut, also within a character', async () => {
    const whole = Buffer.from('{"a":"ü"}\n{"b":1}\n');
    for (let cut = 0; cut <= whole.length; cut++) {
      assert.deepEqual(await read([whole.subarray(0, cut), whole.subarray(cut)]), ['{"a":"ü"}', '{"b":1}']);
    }
  });

  it('leave out an unfinished last one', async () => {
    assert.deepEqual(await read(['a\nb']), ['a']);
  });

  it('are limited in length, so that a broken server cannot fill the memory', async () => {
    assert.deepEqual(await read(['12345', '678\n'], 8), ['12345678']);
    await assert.rejects(read(['12345', '6789'], 8), RangeError);
  });
});
