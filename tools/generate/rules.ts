/*
 * Rules: makes the table of rules in docs/how-it-works.md from the heads of the rules' files.
 *
 * A head is the comment that opens the file. Its first sentence is `Name: what the rule does.`, where the name is the
 * file's name in words. Its first indented lines, where there are any, are the formula.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { repository } from './helm.ts';

/** What the table says about one rule. */
export interface RuleHead {
  readonly name: string;
  /** What the rule does: the rest of the first sentence, which begins in lower case. */
  readonly does: string;
  /** The lines of the formula; none where the head gives none. */
  readonly formula: readonly string[];
}

export const page = 'docs/how-it-works.md';
const [start, end] = ['<!-- rules -->\n', '<!-- end of rules -->\n'];

const station = 'operator/plan/station';
const rules = `${station}/rules`;

/** They act or hold in every pass, wherever the ladder stops. */
const always = [
  `${rules}/lead.ts`,
  `${rules}/protect.ts`,
  `${rules}/grow.ts`,
  `${rules}/growthBound.ts`,
  `${station}/guard.ts`,
  'operator/plan/children/servicePorts.ts',
  `${rules}/unmark.ts`,
  `${rules}/tellToTry.ts`,
];

/** What the others go by first; the rest of the folder of the rules follows. */
const arithmetic = [
  `${station}/solve.ts`,
  `${station}/shares.ts`,
  `${station}/survival.ts`,
  `${station}/room.ts`,
  `${rules}/trust.ts`,
];

/** The page with its table of rules as the heads of their files have them. */
export async function pageWithRules(): Promise<string> {
  const text = await read(page);
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no lines ${start.trim()} and ${end.trim()}, in this order`);
  return `${text.slice(0, from + start.length)}\n${await tables()}\n${text.slice(to)}`;
}

async function tables(): Promise<string> {
  const ladder = ladderIn(await read(`${station}/planStation.ts`));
  const placed = new Set([...ladder, ...always, ...arithmetic]);
  const files = (await readdir(join(repository, rules))).toSorted().map((file) => `${rules}/${file}`);
  const groups = [
    { title: 'rule of the ladder, in its order', files: ladder },
    { title: 'holds in every pass', files: always },
    { title: 'the others go by it', files: [...arithmetic, ...files.filter((file) => !placed.has(file))] },
  ];
  return (await Promise.all(groups.map(table))).join('\n');
}

async function table(group: { readonly title: string; readonly files: readonly string[] }): Promise<string> {
  const rows = await Promise.all(group.files.map(async (file) => row(file, headOf(file, await read(file)))));
  return `| ${group.title} | what it does | formula |\n| --- | --- | --- |\n${rows.join('')}`;
}

function row(file: string, { name, does, formula }: RuleHead): string {
  const cells = [`[${name.toLowerCase()}](../${file})`, does, formula.join('<br>')];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |\n`;
}

/** The files of the rules that the text of planStation.ts lists as its ladder, in that order. */
export function ladderIn(text: string): readonly string[] {
  const list = /^const ladder\b.*= \[\n([^\]]*)\]/m.exec(text)?.[1] ?? '';
  const functions = [...list.matchAll(/\w+/g)].map(([name]) => name);
  if (functions.length === 0) throw new Error(`${station}/planStation.ts has no list that starts with const ladder`);
  return functions.map((name) => {
    const path = new RegExp(String.raw`import \{[^}]*\b${name}\b[^}]*\} from '\./(.*)';`).exec(text)?.[1];
    if (path === undefined) throw new Error(`${station}/planStation.ts imports no ${name}, which is in its ladder`);
    return `${station}/${path}`;
  });
}

/** What the head of a rule's file says. */
export function headOf(file: string, text: string): RuleHead {
  const head = /^\/\*\n([\s\S]*?)\n \*\//.exec(text)?.[1] ?? '';
  const paragraphs = head.split(/\n \*\n/).map((lines) => lines.replaceAll(/^ \* ?/gm, ''));
  const [, name, does] = /^([A-Z][^:.]*): (.*?\.)(?= |$)/.exec(paragraphs[0]?.replaceAll('\n', ' ') ?? '') ?? [];
  if (name === undefined || does === undefined || inWords(file) !== name.toLowerCase()) {
    throw new Error(
      `${file} does not open with a comment whose first sentence is \`${nameOf(file)}: what the rule does.\``,
    );
  }
  return { name, does, formula: formulaIn(paragraphs) };
}

function formulaIn(paragraphs: readonly string[]): readonly string[] {
  const lines = paragraphs.find((paragraph) => paragraph.startsWith('  ')) ?? '';
  if (lines === '') return [];
  // A line that is indented further goes on with the one before.
  const whole = lines.replaceAll(/\n {4,}/g, ' ').split('\n');
  return whole.map((line) => line.trim().replaceAll(/ {3,}/g, ', '));
}

/** `handOver.ts` as `hand over`. */
function inWords(file: string): string {
  return basename(file, '.ts').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function nameOf(file: string): string {
  const words = inWords(file);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function read(file: string): Promise<string> {
  return readFile(join(repository, file), 'utf8');
}
