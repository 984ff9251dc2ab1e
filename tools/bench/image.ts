import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';

const PERCENTAGE = '--max-old-space-size-percentage=';
const mib: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024 };

/**
 * The flags that the image of the repository at `root` gives to Node. Its container has the chart's memory limit and a
 * process here has not: a share of the memory becomes MiB of that limit. Throws when the Dockerfile has no ENTRYPOINT
 * that is a JSON list with Node first.
 */
export async function imageNodeFlags(root: string): Promise<readonly string[]> {
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
  return nodeFlagsIn(dockerfile, (await chartResources(root)).limits.memory);
}

/** Memory in MiB that the chart of the repository at `root` asks for, and its limit. */
export async function chartMemory(root: string): Promise<{ readonly requestMib: number; readonly limitMib: number }> {
  const { requests, limits } = await chartResources(root);
  return { requestMib: mibOf(requests.memory), limitMib: mibOf(limits.memory) };
}

/** The environment that the image of the repository at `root` gives to the operator. */
export async function imageEnvironment(root: string): Promise<Readonly<Record<string, string>>> {
  return environmentIn(await readFile(join(root, 'Dockerfile'), 'utf8'));
}

/** What the `ENV` lines in the text of a Dockerfile set in its last stage. */
export function environmentIn(dockerfile: string): Readonly<Record<string, string>> {
  const last =
    dockerfile
      .replaceAll('\\\n', ' ')
      .split(/^FROM .*$/m)
      .at(-1) ?? '';
  const lines = [...last.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.trim().split(/\s+/));
  return Object.fromEntries(lines.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
}

/** Node's flags in the text of a Dockerfile, for a container with this memory limit, such as `512Mi`. */
export function nodeFlagsIn(dockerfile: string, memoryLimit: string): readonly string[] {
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
  if (entry === undefined) throw new Error('the Dockerfile has no ENTRYPOINT ["…/node", …]');
  const [node = '', ...args] = JSON.parse(entry) as readonly string[];
  if (!node.endsWith('/node')) throw new Error(`the ENTRYPOINT of the Dockerfile starts ${node}, not Node`);
  const limitMib = mibOf(memoryLimit);
  return args
    .filter((arg) => arg.startsWith('--'))
    .map((flag) => {
      if (!flag.startsWith(PERCENTAGE)) return flag;
      const share = Number(flag.slice(PERCENTAGE.length)) / 100;
      return `--max-old-space-size=${Math.floor(limitMib * share)}`;
    });
}

interface Resources {
  readonly requests: { readonly memory: string };
  readonly limits: { readonly memory: string };
}

async function chartResources(root: string): Promise<Resources> {
  const values = await readFile(join(root, 'charts', 'kitchen-operator', 'values.yaml'), 'utf8');
  return (load(values) as { readonly resources: Resources }).resources;
}

function mibOf(quantity: string): number {
  const [, number = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  const factor = mib[unit];
  if (factor === undefined) throw new Error(`the memory "${quantity}" is not written in Mi or Gi`);
  return Number(number) * factor;
}
