import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { chart } from './helm.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const start = '| value | default | what it is |\n| --- | --- | --- |\n';

/** The chart's README with its table of values as `values.yaml` and the schema have them. */
export async function readmeWithTable(): Promise<string> {
  const read = (file: string): Promise<string> => readFile(join(chart, file), 'utf8');
  const [readme, values, schema] = await Promise.all([
    read('README.md'),
    read('values.yaml'),
    read('values.schema.json'),
  ]);
  const rows = rowsOf(JSON.parse(schema) as Schema, load(values), '');
  const at = readme.indexOf(start);
  if (at < 0) throw new Error('charts/kitchen-operator/README.md has no table that starts with | value | default |');
  const table = /^(?:\|.*\n)+/.exec(readme.slice(at))?.[0] ?? '';
  return readme.replace(table, () => `${start}${rows.join('\n')}\n`);
}

function rowsOf(schema: Schema, value: unknown, path: string): readonly string[] {
  if (schema.properties === undefined || Object.keys(schema.properties).length === 0) {
    return value === undefined ? [] : [`| \`${path}\` | \`${JSON.stringify(value)}\` | ${schema.description ?? ''} |`];
  }
  return Object.entries(schema.properties).flatMap(([key, field]) =>
    rowsOf(field, (value as Record<string, unknown> | undefined)?.[key], path === '' ? key : `${path}.${key}`),
  );
}
