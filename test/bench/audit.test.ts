import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOf, writesIn } from '../../tools/bench/audit.ts';

function aLine(verb: string, name: string): string {
  const objectRef = { resource: 'pods', namespace: 'default', name };
  const parts = { verb, objectRef, userAgent: 'kwok', user: { username: 'kwok', groups: ['a'] } };
  const answer = { responseStatus: { code: 200, metadata: {} }, requestReceivedTimestamp: '2026-01-01T00:00:00.0Z' };
  return `${JSON.stringify({ kind: 'Event', ...parts, ...answer, annotations: { a: 'b' } })}\n`;
}

describe('the audit log', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitchen-audit-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives the writes since a moment, without a line that is not complete', async () => {
    const file = join(folder, 'audit.log');
    await writeFile(file, aLine('delete', 'before'));
    const from = await endOf(file);
    await appendFile(file, `${aLine('get', 'read')}${aLine('patch', 'after')}${aLine('patch', 'cut').slice(0, -20)}`);
    const writes = await writesIn(file, from);
    assert.deepEqual(writes, [
      {
        verb: 'patch',
        userAgent: 'kwok',
        user: { username: 'kwok' },
        objectRef: { resource: 'pods', namespace: 'default', name: 'after' },
        responseStatus: { code: 200 },
        requestReceivedTimestamp: '2026-01-01T00:00:00.0Z',
      },
    ]);
    assert.equal((await writesIn(file)).length, 2);
  });
});
