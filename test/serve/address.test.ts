import assert from 'node:assert/strict';

import { parseAddress, printAddress } from '../../operator/serve/address.ts';

describe('an address to listen on', () => {
  const right: readonly [string, string | undefined, number, string][] = [
    ['127.0.0.1:8080', '127.0.0.1', 8080, '127.0.0.1:8080'],
    [':8080', undefined, 8080, '0.0.0.0:8080'],
    ['[::1]:0', '::1', 0, '[::1]:0'],
    ['localhost:65535', 'localhost', 65_535, 'localhost:65535'],
  ];
  for (const [text, host, port, printed] of right) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseAddress(text), { host, port });
      assert.equal(printAddress(parseAddress(text)), printed);
    });
  }

  for (const text of ['8080', 'a:b', ':65536', '::1:80', '']) {
    it(`refuses ${JSON.stringify(text)} and shows a right one`, () => {
      assert.throws(() => parseAddress(text), /is not an address to listen on.*127\.0\.0\.1:8080/);
    });
  }
});
