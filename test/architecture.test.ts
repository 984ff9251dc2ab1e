import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';

const LINES_MAX = 300;
const root = join(import.meta.dirname, '..');

const below = ['api', 'model', 'kube', 'engine', 'observe', 'plan', 'apply', 'report'];

/**
 * What a part may import of ours, besides itself: `reconcile` is the story of one look, `run` sets the parts going, and `main`
 * is the program. A part that is not listed here may not exist.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'api/kubernetes': [],
  api: ['api/kubernetes'],
  model: ['api'],
  engine: [],
  kube: ['api/kubernetes', 'engine'],
  observe: ['api', 'model', 'kube', 'engine'],
  plan: ['api', 'model'],
  apply: ['api', 'model', 'kube', 'engine', 'observe', 'plan'],
  report: ['api', 'model', 'kube', 'engine', 'observe', 'plan', 'apply'],
  serve: ['engine', 'kube', 'report'],
  // What hubs serve knows neither Kitchen nor Envoy, and Envoy's part knows no Kitchen.
  traffic: [],
  envoy: ['traffic'],
  // Where hubs send, from numbers alone.
  balance: ['traffic'],
  xds: ['engine', 'envoy', 'traffic'],
  hub: ['api', 'balance', 'engine', 'envoy', 'kube', 'model', 'observe', 'report', 'traffic', 'xds'],
  scale: ['api', 'engine', 'kube', 'model', 'observe', 'plan', 'report'],
  cli: ['api', 'model', 'kube', 'engine', 'observe', 'plan', 'report'],
  reconcile: below,
  run: [...below, 'serve', 'reconcile', 'hub', 'scale', 'xds'],
  main: [...below, 'serve', 'reconcile', 'run'],
};

/** What the operator looks after: each has a folder under every verb. */
const subjects = new Set(['station', 'kitchen']);

/** Parts of a folder that know less than the rest of it: Kubernetes' own objects as values, without a word of Kitchen. */
const innerParts = ['api/kubernetes'];

/** The imports and re-exports of a file, comments left out. */
function importsIn(text: string): readonly string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const lines = code.matchAll(/^(?:import|export)\s+[^;'"]*?from\s*['"]([^'"]+)['"]/gm);
  const bare = code.matchAll(/(?:^import\s*|\bimport\(\s*)['"]([^'"]+)['"]/gm);
  return [...lines, ...bare].map(([, from = '']) => from);
}

/** Why a file may not import this, and what it may; undefined when it may. */
function breach(file: string, from: string): string | undefined {
  const part = partOf(file);
  const allowed = mayImport[part];
  if (allowed === undefined) return `${file}: no rule says what ${part} may import: add one`;
  if (from.startsWith('node:'))
    return part === 'plan' ? `${file} imports ${from}: plan is pure, without node:` : undefined;
  if (!from.startsWith('.')) return part === 'plan' ? `${file} imports ${from}: plan imports no package` : undefined;
  const target = normalize(join(dirname(file), from)).replaceAll(sep, '/');
  if (target === 'package.json') return undefined;
  if (!target.startsWith('operator/')) return `${file} imports ${from}: operator/ imports nothing outside itself`;
  const other = partOf(target);
  if (meetsOtherSubject(file, target)) {
    return `${file} imports ${from}: the subjects of ${part} meet only through model`;
  }
  if (other === part || allowed.includes(other) || allowed.includes(folderOf(other))) return undefined;
  return `${file} imports ${from}: ${part} may import only ${[part, ...allowed].join(', ')}`;
}

/** Whether a file of one subject imports another subject's of the same verb, such as `plan/kitchen` from `plan/station`. */
function meetsOtherSubject(file: string, target: string): boolean {
  const [[, verb, own = ''], [, otherVerb, other = '']] = [file.split('/'), target.split('/')] as const;
  return verb === otherVerb && own !== other && subjects.has(own) && subjects.has(other);
}

/** The folder below operator/ or an inner part of it, or the name of a file in operator/ itself. */
function partOf(file: string): string {
  const inner = innerParts.find((part) => file.startsWith(`operator/${part}/`));
  if (inner !== undefined) return inner;
  const [, first = '', ...rest] = file.split('/');
  return rest.length > 0 ? first : first.replace(/\.ts$/, '');
}

/** What may import a folder may import its inner parts. */
function folderOf(part: string): string {
  return part.split('/')[0] ?? part;
}

async function operatorFiles(): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const entries = await readdir(join(root, 'operator'), { recursive: true });
  const files = entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => `operator/${entry.replaceAll(sep, '/')}`);
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })));
}

describe('the architecture', () => {
  it('lets imports point one way', async () => {
    const files = await operatorFiles();
    assert.ok(files.length > 50, `only ${files.length} files were found`);
    const breaches = files.flatMap(({ file, text }) => importsIn(text).flatMap((each) => breach(file, each) ?? []));
    assert.deepEqual(breaches, []);
  });

  it(`keeps every file within ${LINES_MAX} lines`, async () => {
    const long = (await operatorFiles())
      .map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINES_MAX);
    assert.deepEqual(
      long.map(({ file, lines }) => `${file} has ${lines} lines: split it by subject`),
      [],
    );
  });
});

describe('the rules of imports', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['operator/plan/grow.ts', "import type { PodView } from '../model/snapshot.ts';"],
    ['operator/plan/children/intent.ts', "import { isOwned } from '../../api/kubernetes/managedFields.ts';"],
    ['operator/kube/client.ts', "import type { KubeObject } from '../api/kubernetes/object.ts';"],
    ['operator/observe/nodes.ts', "import type { FirstSeen } from '../engine/memory.ts';"],
    ['operator/engine/loop.ts', "import { setTimeout } from 'node:timers/promises';"],
    ['operator/report/log.ts', "// import { it } from '../main.ts';\nimport winston from 'winston';"],
    ['operator/run/lifetime.ts', "import about from '../../package.json' with { type: 'json' };"],
    ['operator/main.ts', "import { reconcile } from './reconcile.ts';"],
  ];
  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'operator/api/zone.ts',
      "import { x } from '../kube/client.ts';",
      /zone\.ts imports \.\.\/kube\/client\.ts: api may import only api, api\/kubernetes$/,
    ],
    [
      'operator/kube/store.ts',
      "import type { Zone } from '../api/zone.ts';",
      /kube may import only kube, api\/kubernetes, engine$/,
    ],
    ['operator/engine/loop.ts', "import { x } from '../kube/errors.ts';", /engine may import only engine$/],
    ['operator/observe/nodes.ts', "import { planStation } from '../plan/planStation.ts';", /observe may import only/],
    ['operator/api/kubernetes/object.ts', "import { labels } from '../labels.ts';", /may import only api\/kubernetes$/],
    [
      'operator/model/plan.ts',
      "import type { Resource } from '../kube/resource.ts';",
      /model may import only model, api$/,
    ],
    [
      'operator/plan/grow.ts',
      "import {\n  podView,\n} from '../observe/pods.ts';",
      /plan may import only plan, api, model$/,
    ],
    ['operator/plan/grow.ts', "import type { PodObject } from '../observe/objects.ts';", /plan may import only/],
    ['operator/plan/grow.ts', "import { retry } from '../kube/client.ts';", /plan may import only/],
    ['operator/plan/grow.ts', "import { randomUUID } from 'node:crypto';", /without node:/],
    ['operator/plan/grow.ts', "import * as z from 'zod';", /plan imports no package/],
    ['operator/plan/grow.ts', "const fs = await import('node:fs');", /without node:/],
    [
      'operator/plan/grow.ts',
      "import type { Clock } from '../engine/clock.ts';",
      /plan may import only plan, api, model$/,
    ],
    ['operator/apply/applyPlan.ts', "export { report } from '../report/log.ts';", /apply may import only/],
    [
      'operator/serve/app.ts',
      "import { planStation } from '../plan/planStation.ts';",
      /serve may import only serve, engine, kube, report$/,
    ],
    ['operator/reconcile.ts', "import './main.ts';", /reconcile may import only/],
    ['operator/cli/plan.ts', "import { applyPlan } from '../apply/applyPlan.ts';", /cli may import only/],
    ['operator/cli/plan.ts', "import { aStation } from '../../test/builders/kitchen.ts';", /nothing outside itself/],
    [
      'operator/plan/kitchen/planKitchen.ts',
      "import { planStation } from '../station/planStation.ts';",
      /the subjects of plan meet only through model$/,
    ],
    ['operator/helpers/some.ts', "import { a } from './other.ts';", /no rule says what helpers may import/],
  ];

  for (const [file, code] of allowed) {
    it(`allows ${code.split('\n').at(-1)} in ${file}`, () => {
      assert.deepEqual(
        importsIn(code).flatMap((each) => breach(file, each) ?? []),
        [],
      );
    });
  }

  for (const [file, code, words] of refused) {
    it(`refuses ${code.replaceAll(/\s+/g, ' ')} in ${file}`, () => {
      const breaches = importsIn(code).flatMap((each) => breach(file, each) ?? []);
      assert.equal(breaches.length, 1);
      assert.match(breaches[0] ?? '', words);
    });
  }
});
