import assert from 'node:assert/strict';
import { join } from 'node:path';
import { imageNodeFlags, nodeFlagsIn } from '../../tools/bench/image.ts';

describe('the flags of the image for Node', () => {
  it('are read from its ENTRYPOINT, with a share of the memory as MiB', () => {
    const text = 'FROM base\nENTRYPOINT ["/bin/node", "--a=1", "--max-old-space-size-percentage=70", "/app/main.js"]\n';
    assert.deepEqual(nodeFlagsIn(text, '512Mi'), ['--a=1', '--max-old-space-size=358']);
    assert.deepEqual(nodeFlagsIn(text, '1Gi'), ['--a=1', '--max-old-space-size=716']);
  });

  it('are found in this repository', async () => {
    const flags = await imageNodeFlags(join(import.meta.dirname, '..', '..'));
    assert.ok(
      flags.some((flag) => /^--max-old-space-size=\d+$/.test(flag)),
      flags.join(' '),
    );
  });

  it('are refused where they cannot be told', () => {
    assert.throws(() => nodeFlagsIn('FROM base', '1Gi'), /no ENTRYPOINT/);
    assert.throws(() => nodeFlagsIn('ENTRYPOINT ["/bin/sh"]', '1Gi'), /starts \/bin\/sh, not Node/);
    assert.throws(() => nodeFlagsIn('ENTRYPOINT ["/bin/node"]', '1G'), /"1G" is not written in Mi or Gi/);
  });
});
