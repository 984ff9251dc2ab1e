/** What the changelog says of a version: the text below `## [1.2.3] - 2026-01-31`, up to the next version or the links. */
export function notesOf(changelog: string, version: string): string {
  const lines = changelog.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (at < 0) throw new Error(`CHANGELOG.md has no section ## [${version}]`);
  if (!/^## \[[^\]]+\] - \d{4}-\d\d-\d\d$/.test(lines[at] ?? ''))
    throw new Error(`CHANGELOG.md does not say on which day ${version} came out: ## [${version}] - YYYY-MM-DD`);
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  const notes = rest.slice(0, end < 0 ? undefined : end).join('\n');
  if (notes.trim() === '') throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes.trim()}\n`;
}

/**
 * The notes for the page of a release. Each paragraph is on one line, since GitHub keeps line breaks there. Relative
 * links to files of the repository would lead nowhere there, so they get the address in `files`.
 */
export function onReleasePage(notes: string, files: string): string {
  if (notes.includes('```')) throw new Error('the changelog has a code block, whose lines cannot be joined');
  const joined = notes.replaceAll(/(?<=\S)\n(?: {2})?(?=[^\s#|*+-])/g, ' ');
  return joined.replaceAll(/\]\((?![a-z]+:)([^)]+)\)/g, (_link, path: string) => `](${files}/${path})`);
}
