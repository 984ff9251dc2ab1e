import assert from 'node:assert/strict';
import type { Pod } from '../../../tools/bench/traffic/layout.ts';
import { sharedNetwork } from '../../../tools/bench/traffic/network.ts';
import { play } from '../../../tools/bench/traffic/play.ts';
import { rowsOf } from '../../../tools/bench/traffic/tally.ts';
import { inEachZone } from '../../../tools/bench/traffic/ways/eachZone.ts';
import { throughHub } from '../../../tools/bench/traffic/ways/hub.ts';
import { throughKubeProxy } from '../../../tools/bench/traffic/ways/kubeProxy.ts';
import type { Way } from '../../../tools/bench/traffic/ways/way.ts';
import { envoyBinary, hasEnvoy } from '../../../tools/envoy/binary.ts';

describe('a node dies under requests', function () {
  this.timeout(120_000);

  before(async function () {
    if (!hasEnvoy) this.skip();
    this.timeout(300_000);
    await envoyBinary((line) => console.error(line));
  });

  /** Failed GETs, and all that failed. No request is given up: a busy machine is no fault. */
  const failedBehind = async (way: (pods: readonly Pod[]) => Way | Promise<Way>): Promise<readonly number[]> => {
    const pace = { rate: 50, seconds: 2, answerMs: 3, timeoutMs: 60_000 };
    const { signal } = new AbortController();
    const outcomes = await play({ fault: 'node-killed', way, ...pace, network: sharedNetwork, signal });
    assert.equal(outcomes.length, 100);
    const [gets, posts] = rowsOf({ fault: 'node-killed', who: 'hub', run: 1 }, outcomes).map(({ failed }) => failed);
    return [gets ?? 0, (gets ?? 0) + (posts ?? 0)];
  };

  it('and no GET fails behind the hub', async () => {
    const [gets] = await failedBehind((pods) => inEachZone(pods, throughHub));
    assert.equal(gets, 0);
  });

  it('and requests fail behind a plain Service', async () => {
    // Each pod in turn: by chance, no new connection might go to a dead one.
    let turn = 0;
    const [, all = 0] = await failedBehind((pods) =>
      throughKubeProxy(pods, () => (turn++ % pods.length) / pods.length),
    );
    assert.ok(all > 0);
  });
});
