import type { Metafile, Plugin } from 'esbuild';
import { packageOf } from './licences.ts';

const CLIENT = '@kubernetes/client-node';
/** What reads a kubeconfig and logs in has 43 KiB. With its generated model and API the client has 660 KiB. */
const MOST_OF_CLIENT_KIB = 100;
/** A table of a program's parts names so many. */
const NAMED = 8;

/**
 * Lets the bundler leave out what nobody uses of the Kubernetes client. Its index exports its generated model and API,
 * which take 14 MiB of memory in every operator, and we use `KubeConfig` alone. Its package does not say that its
 * modules do nothing when they are imported, so a bundler keeps all of them. (The one that does something,
 * `polyfill.js`, is for Node 18.)
 */
export const shakeClient: Plugin = {
  name: 'shake-client',
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^(?:${CLIENT}$|\\.)`) }, async ({ path, pluginData, ...from }) => {
      const isOfClient = path === CLIENT || packageOf(from.importer)?.endsWith(CLIENT) === true;
      if (!isOfClient || pluginData === shakeClient) return undefined;
      const { importer, kind, resolveDir } = from;
      const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: shakeClient });
      return { ...found, pluginData: undefined, sideEffects: false };
    });
  },
};

/** The packages in a program with their bytes, the largest first. Our own code has the name `operator`. */
export type Parts = readonly (readonly [name: string, bytes: number])[];

/** The parts of one file that the bundler wrote. */
export function partsOf({ inputs }: Pick<Metafile['outputs'][string], 'inputs'>): Parts {
  const bytes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = packageOf(file)?.replace(/^.*node_modules\//, '') ?? 'operator';
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  return [...bytes].filter(([, many]) => many > 0).toSorted(([, a], [, b]) => b - a);
}

/** What a program is made of, in one line: `main.js 4052 KiB: undici 1341, iconv-lite 539, … and 83 smaller ones`. */
export function partsInWords(program: string, parts: Parts): string {
  const kib = (bytes: number): number => Math.round(bytes / 1024);
  const whole = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const named = parts.slice(0, NAMED).map(([name, bytes]) => `${name} ${kib(bytes)}`);
  const rest = parts.length > NAMED ? ` and ${parts.length - NAMED} smaller ones` : '';
  return `${program} ${kib(whole)} KiB: ${named.join(', ')}${rest}`;
}

/** Throws when a program has more of the Kubernetes client than what reads a kubeconfig. */
export function checkClient(program: string, parts: Parts): void {
  const kib = Math.round((parts.find(([name]) => name === CLIENT)?.[1] ?? 0) / 1024);
  if (kib <= MOST_OF_CLIENT_KIB) return;
  throw new Error(
    `${program} has ${kib} KiB of ${CLIENT}, and at most ${MOST_OF_CLIENT_KIB} are expected, so its generated model is in it: import KubeConfig only, and see whether shakeClient in tools/bundled.ts fits this version of the client`,
  );
}
