import assert from 'node:assert/strict';
import { hubSeries, SERIES_A_PORT, statsConfig } from '../../tools/envoy/stats.ts';

interface Config {
  readonly statsTags: readonly { readonly tagName: string; readonly regex?: string }[];
  readonly statsMatcher: {
    readonly inclusionList: {
      readonly patterns: readonly { readonly exact?: string; readonly safeRegex?: { readonly regex: string } }[];
    };
  };
}

const { statsTags, statsMatcher } = statsConfig as unknown as Config;

const isKept = (stat: string): boolean =>
  statsMatcher.inclusionList.patterns.some(
    ({ exact, safeRegex }) => stat === exact || new RegExp(`^(?:${safeRegex?.regex ?? '$.'})$`).test(stat),
  );

describe('what an Envoy of a hub counts', () => {
  it('is what is listed, of stations alone', () => {
    for (const stat of [
      'cluster.default.pizzeria-grill.80.upstream_rq_total',
      'cluster.default.pizzeria-grill.80.upstream_rq_5xx',
      'cluster.default.pizzeria-grill.80.outlier_detection.ejections_active',
      'listener.default.pizzeria-grill.80.downstream_cx_total',
      'server.live',
      'control_plane.connected_state',
    ])
      assert.ok(isKept(stat), stat);
    for (const stat of [
      'cluster.operator.upstream_rq_total',
      'cluster.admin.upstream_rq_total',
      'cluster.default.pizzeria-grill.80.upstream_rq_503',
      'cluster.default.pizzeria-grill.80.retry.upstream_rq_5xx',
      'cluster.default.pizzeria-grill.80.zone.a.b.upstream_rq_total',
      'cluster.default.pizzeria-grill.80.circuit_breakers.default.rq_open',
      'listener.default.pizzeria-grill.80.http.x.downstream_rq_total',
      'listener.0.0.0.0_19001.downstream_cx_total',
      'server.concurrency',
    ])
      assert.ok(!isKept(stat), stat);
  });

  it('says in labels whose it is, and not in the name', () => {
    const stat = 'cluster.default.pizzeria-grill.80.upstream_rq_total';
    const own = statsTags.flatMap(({ tagName, regex }) => {
      if (regex === undefined) return [];
      const [, taken = '', value = ''] = new RegExp(regex).exec(stat) ?? [];
      return [{ tagName, taken, value }];
    });
    assert.deepEqual(
      own.map(({ tagName, value }) => `${tagName}=${value}`),
      ['namespace=default', 'service=pizzeria-grill', 'port=80'],
    );
    const left = own.reduce((name, { taken }) => name.replace(taken, ''), stat);
    assert.equal(left, 'cluster.upstream_rq_total');
    assert.ok(hubSeries.includes(`envoy_${left.replaceAll('.', '_')}`));
  });

  it('is a bounded number of series, which the documentation tells', () => assert.equal(SERIES_A_PORT, 29));
});
