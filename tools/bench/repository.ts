import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Where figures and pictures are kept. */
export const docs = join(import.meta.dirname, '..', '..', 'docs');

/** The commit that is measured, in short form; `unknown` outside a repository. */
export function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: docs, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
