/**
 * The longest line that is accepted from a watch. An object has at most 1.5 MiB in etcd and 3 MiB as a request; its
 * JSON with managed fields stays far below this limit, so only a broken or foreign server sends more.
 */
const maxLineBytes = 16 * 1024 * 1024;

/** Splits a stream of bytes into lines, without empty and unfinished ones. Throws a `RangeError` when one is too long. */
export async function* lines(chunks: AsyncIterable<Uint8Array>, limit = maxLineBytes): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, end)]).toString('utf8');
      begun = [];
      begunBytes = 0;
      from = end + 1;
      if (line !== '') yield line;
    }
    if (from === chunk.length) continue;
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > limit) throw new RangeError(`a line of more than ${limit} bytes`);
  }
}
