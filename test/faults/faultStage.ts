import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readFile, writeFile } from 'node:fs/promises';
import { bundle } from '../../tools/build.ts';
import type { Kitchen } from '../../operator/api/kitchen.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { kitchens } from '../../operator/api/resources.ts';
import { openStage } from '../integration/operator/stage.ts';
import type { Stage, StageOptions } from '../integration/operator/stage.ts';
import { OperatorBehindProxy } from './operatorBehindProxy.ts';
import type { ProxiedOptions } from './operatorBehindProxy.ts';
import { Sight } from './sight.ts';

/** A cluster, and operators behind proxies. */
export interface FaultStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly sight: Sight;
  /** Makes the namespace, where pods may be made at once. */
  namespace(name: string): Promise<void>;
  /** Applies a Kitchen as its author; a kubectl for each would keep a busy machine busy. */
  declare(namespace: string, kitchen: Kitchen): Promise<void>;
  /** The operator is not started yet. */
  operator(options: Pick<ProxiedOptions, 'namespace' | 'name' | 'flags'>): Promise<OperatorBehindProxy>;
  /** Resolves to whether it has come true before the end of patience. */
  until(holds: () => boolean): Promise<boolean>;
}

/** On a busy machine, and after the longest that a watch waits before it tries again. */
const limitMs = 300_000;

/** Opens a stage; operators run as the image has them, bundled. */
export async function openFaultStage(options: StageOptions): Promise<FaultStage> {
  await using opened = new AsyncDisposableStack();
  const stage = opened.use(await openStage(options));
  const ended = new AbortController();
  opened.defer(() => ended.abort());
  const operators: OperatorBehindProxy[] = [];
  opened.defer(async () => {
    for (const operator of operators) await operator[Symbol.asyncDispose]();
  });
  const { dir } = stage.cluster;
  const program = await bundleQuick(join(dir, 'dist'));
  const ca = await readFile(join(dir, 'certs', 'apiserver.crt'), 'utf8');
  const sight = await Sight.open(stage.client, ended.signal);
  const all = opened.move();
  return {
    stage,
    sight,
    namespace: (name) => makeNamespace(stage, name),
    declare: async (namespace, kitchen) => {
      const at = { resource: kitchens, namespace, name: kitchen.metadata.name };
      await stage.client.apply(at, kitchen, { fieldManager: 'author', force: true });
    },
    operator: async (wanted) => {
      const operator = await OperatorBehindProxy.open({ stage, ca, program, ...wanted });
      operators.push(operator);
      return operator;
    },
    until: async (holds) => {
      const deadline = performance.now() + limitMs;
      while (!holds()) {
        if (performance.now() > deadline) return false;
        await pause(250);
      }
      return true;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** The operator as it is but for its longest waits, of two minutes, of which a crash may ask for several. */
async function bundleQuick(into: string): Promise<string> {
  await bundle(into, ['main']);
  const program = join(into, 'main.js');
  const text = await readFile(program, 'utf8');
  const quick = text.replaceAll(/(var (?:HEALED|RETURNING)_MS = )12e4;/g, '$115e3;');
  if (quick === text)
    throw new Error('the waits after a node or zone came back are not where they were: look for them');
  await writeFile(program, quick);
  return program;
}

/** Without its service account the first pods are refused, and their zone is taken for full. */
async function makeNamespace(stage: Stage, name: string): Promise<void> {
  const { api } = stage.cluster;
  await api.call('POST', '/api/v1/namespaces', { metadata: { name } });
  await stage.until(`namespace ${name} has its service account`, () =>
    api.call<KubeObject>('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`),
  );
}
