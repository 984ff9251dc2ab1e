import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviceConditionTypes } from '../../operator/api/conditions.ts';
import { accessLogOf } from '../../operator/envoy/accessLog.ts';
import { hubSeries, SERIES_A_PORT } from '../../tools/envoy/stats.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8');

/** The first cells of the rows of the table that begins with this cell: the names in them. */
function namesUnder(head: string): readonly string[] {
  const tables = page.split(`\n| ${head} |`).slice(1);
  const rows = tables.flatMap((table) => (table.split('\n\n')[0] ?? '').split('\n').slice(2));
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

/** All text in what a hub gets, as it is sent. */
const log = accessLogOf('default.pizzeria-grill.80');
const sent = JSON.stringify(log);

describe('the runbook', () => {
  it('has each alert of the chart, and no other', () => {
    const templates = globSync('charts/kitchen-operator/templates/*.{yaml,tpl}', { cwd: root });
    const alerts = templates.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/- alert: (\w+)/g)].map(([, alert = '']) => alert),
    );
    assert.ok(alerts.length > 10, alerts.join(' '));
    assert.deepEqual(namesUnder('alert').toSorted(), alerts.toSorted());
  });

  it('has the conditions about hubs', () => {
    const aboutHubs = adviceConditionTypes.filter((type) => type.includes('Hub'));
    assert.deepEqual(namesUnder('condition').toSorted(), ['BehindHub', ...aboutHubs].toSorted());
  });

  it('explains each series that hubs have, and says what it costs', () => {
    const names = namesUnder('series').map((name) => name.replace(/\{.*\}|_bucket$/g, ''));
    const isMeant = (name: string, series: string): boolean =>
      name.startsWith('…') ? series.endsWith(name.slice(1)) : series === name;
    const without = hubSeries.filter((series) => !names.some((name) => isMeant(name, series)));
    assert.deepEqual(without, []);
    for (const name of names) assert.equal(hubSeries.filter((series) => isMeant(name, series)).length, 1, name);
    assert.ok(page.includes(`and ${SERIES_A_PORT} at most`));
  });

  it('explains the fields and flags of the log, and how to have all of it', () => {
    const { typedConfig } = log as unknown as { typedConfig: { logFormat: { jsonFormat: object } } };
    const plain = new Set(['time', 'method', 'path']);
    const fields = Object.keys(typedConfig.logFormat.jsonFormat).filter((field) => !plain.has(field));
    assert.deepEqual(namesUnder('field').toSorted(), fields.toSorted());
    const flags = namesUnder('flag');
    assert.ok(flags.length > 5);
    for (const flag of flags) assert.ok(sent.includes(`"${flag}"`), flag);
    const keys = [...page.matchAll(/kitchen\.log\.\w+/g)].map(([key]) => key);
    assert.equal(keys.length, 3);
    for (const key of keys) assert.ok(sent.includes(`"${key}"`), key);
  });
});
