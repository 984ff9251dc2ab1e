import assert from 'node:assert/strict';
import { sumOfMetric } from '../../operator/scale/exposition.ts';

const page = [
  '# HELP inflight Requests in flight.',
  '# TYPE inflight gauge',
  'inflight{route="/a",note="a \\" } b"} 3',
  'inflight{route="/b"}  4.5 1700000000000',
  'inflight_total 99',
  '# TYPE ready_total gauge',
  'ready_total 5',
  '# TYPE orders counter',
  'orders_total 5',
  '  # TYPE late counter',
  'late 5',
  'huge{a="1"} 1e308',
  'huge{a="2"} 1e308',
  'vast 1e400',
  '# TYPE http_requests counter',
  'http_requests{code="200"} 12345',
  'plain 7',
  'spaced {a="b"} 1e1',
  'odd NaN',
  'endless +Inf',
  'below -1',
  '',
].join('\n');

describe("a page in Prometheus' format", () => {
  const sums: readonly (readonly [string, number])[] = [
    ['inflight', 7.5],
    ['plain', 7],
    ['spaced', 10],
    ['ready_total', 5],
  ];
  for (const [name, sum] of sums) {
    it(`gives the sum over the series of ${name}`, () => assert.deepEqual(sumOfMetric(page, name), { sum }));
  }

  const refused: readonly (readonly [string, RegExp])[] = [
    ['http_requests', /is a counter, which only grows: name a gauge/],
    ['inflight_total', /is a counter/],
    ['orders_total', /is a counter/],
    ['late', /is a counter/],
    ['huge', /sum is beyond what can be counted/],
    ['vast', /has the value 1e400/],
    ['odd', /has the value NaN/],
    ['endless', /has the value \+Inf/],
    ['below', /has the value -1/],
    ['infligh', /is not there/],
  ];
  for (const [name, why] of refused) {
    it(`gives none of ${name}, and says why`, () => {
      const exposed = sumOfMetric(page, name);
      assert.ok(exposed.sum === undefined);
      assert.match(exposed.why, why);
    });
  }

  for (const name of ['seconds_count', 'seconds_sum', 'seconds_bucket', 'all_total']) {
    it(`is taken to tell a counter as ${name}, unless it says that it is a gauge`, () => {
      assert.match(sumOfMetric(`${name} 1`, name).why ?? '', /is a counter/);
      assert.deepEqual(sumOfMetric(`# TYPE ${name} gauge\n${name} 1`, name), { sum: 1 });
    });
  }

  it('costs no more than its length, even when a value is as long as the page', () => {
    const long = `a ${'1'.repeat(500_000)}x`;
    assert.match(sumOfMetric(long, 'a').why ?? '', /has the value 1{32}$/);
  });

  it('is read with the line ends of other systems, and cut off in the middle of a line', () => {
    assert.deepEqual(sumOfMetric('a 1\r\na{x="y"} 2\r\na{x="z', 'a'), { sum: 3 });
  });
});
