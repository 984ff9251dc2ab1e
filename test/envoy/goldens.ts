import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { translate } from '../../operator/envoy/translate.ts';
import { byType } from '../../operator/envoy/types.ts';
import type { ByType } from '../../operator/envoy/types.ts';
import type { Traffic } from '../../operator/traffic/form.ts';

const dir = join(import.meta.dirname, 'golden');

/** Traffic and what hubs of zone-a get for it, in a file each. */
export interface Golden {
  readonly name: string;
  readonly traffic: Traffic;
  readonly file: string;
  /** What it is translated to now. */
  readonly resources: ByType<readonly object[]>;
}

export function goldens(): readonly Golden[] {
  const names = readdirSync(dir).flatMap((file) => /^(.*)\.in\.json$/.exec(file)?.[1] ?? []);
  return names.map((name) => {
    const traffic = JSON.parse(readFileSync(join(dir, `${name}.in.json`), 'utf8')) as Traffic;
    const translated = translate(traffic, 'zone-a');
    const resources = byType((type): readonly object[] => [...translated[type].values()]);
    return { name, traffic, file: join(dir, `${name}.out.json`), resources };
  });
}
