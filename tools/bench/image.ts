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
  const [dockerfile, values] = await Promise.all([
    readFile(join(root, 'Dockerfile'), 'utf8'),
    readFile(join(root, 'charts', 'kitchen-operator', 'values.yaml'), 'utf8'),
  ]);
  const { resources } = load(values) as { readonly resources: { readonly limits: { readonly memory: string } } };
  return nodeFlagsIn(dockerfile, resources.limits.memory);
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

function mibOf(quantity: string): number {
  const [, number = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  const factor = mib[unit];
  if (factor === undefined) throw new Error(`the memory limit "${quantity}" is not written in Mi or Gi`);
  return Number(number) * factor;
}
