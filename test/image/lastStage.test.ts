import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { images } from '../../tools/image/images.ts';
import { lastStage } from '../../tools/image/lastStage.ts';

describe('the last stage of a Dockerfile', () => {
  it('takes from the context what it took from a stage, and keeps the arguments before the first stage', () => {
    const whole = [
      'ARG BASE=some',
      'FROM maker AS build',
      'ARG INNER',
      'RUN make',
      'FROM ${BASE}',
      'COPY --from=build /a /b',
      'COPY c d',
    ];
    assert.equal(lastStage(whole.join('\n')), ['ARG BASE=some', 'FROM ${BASE}', 'COPY /a /b', 'COPY c d'].join('\n'));
  });

  it('is refused where there is no stage', () => {
    assert.throws(() => lastStage('# nothing\n'), /no FROM/);
  });

  for (const [name, { dockerfile }] of Object.entries(images))
    it(`of the image ${name} runs nothing and needs no stage before it`, async () => {
      const text = lastStage(await readFile(dockerfile, 'utf8'));
      assert.match(text, /^ENTRYPOINT /m);
      assert.doesNotMatch(text, /^RUN |--from=/m);
    });
});
