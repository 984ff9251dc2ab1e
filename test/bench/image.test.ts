import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chartMemory, environmentIn, imageEnvironment, imageNodeFlags, nodeFlagsIn } from '../../tools/bench/image.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the flags of the image for Node', () => {
  it('are read from its ENTRYPOINT, with a share of the memory as MiB', () => {
    const text = 'FROM base\nENTRYPOINT ["/bin/node", "--a=1", "--max-old-space-size-percentage=70", "/app/main.js"]\n';
    assert.deepEqual(nodeFlagsIn(text, '512Mi'), ['--a=1', '--max-old-space-size=358']);
    assert.deepEqual(nodeFlagsIn(text, '1Gi'), ['--a=1', '--max-old-space-size=716']);
  });

  it('are found in this repository', async () => {
    const flags = await imageNodeFlags(root);
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

describe('the environment of the image', () => {
  it('is what the last stage sets, on several lines as well', () => {
    const text = 'FROM a AS b\nENV A=1\nFROM c\nENV B=2 \\\n    C=x=y\nENV D=3\nENTRYPOINT ["/bin/node"]\n';
    assert.deepEqual(environmentIn(text), { B: '2', C: 'x=y', D: '3' });
  });

  it('is found in this repository, with what the allocator keeps', async () => {
    const environment = await imageEnvironment(root);
    assert.equal(environment['MALLOC_ARENA_MAX'], '1');
  });
});

describe('the memory of the chart', () => {
  it('is found in its values', async () => {
    const { requestMib, limitMib } = await chartMemory(root);
    assert.ok(0 < requestMib && requestMib < limitMib, `${requestMib} of ${limitMib}`);
  });
});
