import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';

import { decisionId } from '../../operator/report/decisionId.ts';
import { createLog, usualLogFormat } from '../../operator/report/log.ts';
import type { LogFormat } from '../../operator/report/log.ts';

describe('the log', () => {
  function logTo(format: LogFormat, colours = false): { log: ReturnType<typeof createLog>; lines: () => string[] } {
    const stream = new PassThrough();
    const log = createLog({ level: 'info', format, stream, colours });
    return {
      log,
      lines: () =>
        String(stream.read() ?? '')
          .trimEnd()
          .split('\n'),
    };
  }

  it('writes one JSON object a line', () => {
    const { log, lines } = logTo('json');
    log.info('grow zone-a', { station: 'food/grill', decision: 'bcdfgh' });
    const { time, ...rest } = JSON.parse(lines()[0] ?? '') as Record<string, unknown>;
    assert.deepEqual(rest, { level: 'info', msg: 'grow zone-a', station: 'food/grill', decision: 'bcdfgh' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
  });

  it('writes short lines for people, the station before and the id behind', () => {
    const { log, lines } = logTo('text');
    log.warn('refused', { station: 'food/grill', decision: 'bcdfgh', code: 422 });
    assert.match(lines()[0] ?? '', /^\d\d:\d\d:\d\d warn {2}food\/grill refused code=422 \[bcdfgh\]$/);
  });

  it('colours only when told to', () => {
    const { log, lines } = logTo('text', true);
    log.error('down');
    assert.ok(lines()[0]?.includes('\u001B['));
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = logTo('text');
    log.debug('details');
    log.info('news');
    assert.equal(lines().length, 1);
  });

  it('goes on when its reader is gone', () => {
    const stream = new PassThrough();
    const log = createLog({ level: 'info', format: 'json', stream });
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    log.info('grow zone-a');
    assert.match(String(stream.read()), /grow zone-a/);
  });

  it('is JSON unless a person is looking', () => {
    assert.deepEqual([usualLogFormat({ isTTY: true }), usualLogFormat({})], ['text', 'json']);
  });
});

describe('the id of a decision', () => {
  it('has six letters or digits, chosen by the chance it is given', () => {
    assert.equal(
      decisionId(() => 0),
      'bbbbbb',
    );
    assert.equal(
      decisionId(() => 0.999_999),
      '999999',
    );
  });
});
