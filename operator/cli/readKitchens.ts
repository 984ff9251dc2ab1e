import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { loadAll } from 'js-yaml';
import type { Kitchen } from '../api/kitchen.ts';
import { API_VERSION } from '../api/labels.ts';
import { parseKitchen } from '../api/parseKitchen.ts';
import { messageOf } from '../kube/errors.ts';

/** The Kitchens of a file (`-`: standard input). Throws an error that names every problem of all of them and its place. */
export async function readKitchens(file: string): Promise<readonly Kitchen[]> {
  const name = file === '-' ? 'standard input' : file;
  const wanted = documents(name, await contents(file, name)).filter(isKitchen);
  if (wanted.length === 0) throw new Error(`${name}: holds no Kitchen (kind: Kitchen, apiVersion: ${API_VERSION})`);
  const problems: string[] = [];
  const kitchens = wanted.flatMap((document) => {
    const parsed = parseKitchen(document);
    if (parsed.problems === undefined) return [parsed.kitchen];
    problems.push(`Kitchen ${nameOf(document)}:`, ...parsed.problems.map((problem) => `  ${problem}`));
    return [];
  });
  if (problems.length > 0) throw new Error([`${name} has mistakes:`, ...problems].join('\n'));
  return kitchens;
}

async function contents(file: string, name: string): Promise<string> {
  try {
    return await (file === '-' ? readText(process.stdin) : readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${name} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function documents(name: string, text: string): readonly unknown[] {
  try {
    return loadAll(text);
  } catch (error) {
    throw new Error(`${name} is neither YAML nor JSON: ${messageOf(error)}`, { cause: error });
  }
}

function isKitchen(document: unknown): boolean {
  return (document as { readonly kind?: unknown } | null)?.kind === 'Kitchen';
}

function nameOf(document: unknown): string {
  const name = (document as { readonly metadata?: { readonly name?: unknown } | null }).metadata?.name;
  return typeof name === 'string' ? name : 'without a name';
}
