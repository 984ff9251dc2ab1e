import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { pack, translate } from '../../operator/envoy/translate.ts';
import { encode, messageNamed, serviceNamed } from '../../operator/envoy/protos.ts';
import { goldens } from './goldens.ts';

/** With UPDATE_GOLDEN=1 the files are written instead: read the difference before you commit it. */
const updates = process.env['UPDATE_GOLDEN'] === '1';

describe('traffic in Envoy’s words', () => {
  for (const { name, file, resources, traffic } of goldens()) {
    it(`is as in ${name}.out.json`, () => {
      if (updates) writeFileSync(file, `${JSON.stringify(resources, null, 2)}\n`);
      assert.deepEqual(resources, JSON.parse(readFileSync(file, 'utf8')));
    });

    it(`can be packed: ${name}`, () => assert.ok(pack(translate(traffic, 'zone-a')).Cluster.size > 0));
  }

  it('is refused where Envoy has no such field', () => {
    assert.throws(() => encode('envoy.config.cluster.v3.Cluster', { naem: 'grill' }), /naem/);
    assert.throws(() => encode('envoy.config.cluster.v3.Cluster', { connectTimeout: 5 }), /Duration|connect_timeout/);
  });

  it('names what Envoy does not have', () => {
    assert.throws(() => messageNamed('envoy.Nothing'), /no message envoy\.Nothing/);
    assert.throws(() => serviceNamed('envoy.Nothing'), /no service envoy\.Nothing/);
  });
});
