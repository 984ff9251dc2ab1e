import stringWidth from 'string-width';

/** Words with the same colour and style, and the column where they begin. */
export interface Run {
  readonly column: number;
  readonly text: string;
  /** One-letter classes: a colour's first letter, `B`old, `d`im, `s`truck through. */
  readonly classes: string;
}

type Look = { readonly colour: string; readonly traits: ReadonlySet<string> };

const plain: Look = { colour: '', traits: new Set() };
const colours: Readonly<Record<number, string>> = { 31: 'r', 32: 'g', 33: 'y', 34: 'b', 35: 'm', 36: 'c', 90: 'd' };
const traits: Readonly<Record<number, string>> = { 1: 'B', 2: 'd', 9: 's' };
const ends: Readonly<Record<number, readonly string[]>> = { 22: ['B', 'd'], 29: ['s'] };

// oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
const piece = /\u001B\[([\d;]*)m|[^\u001B]+/gu;
/** Words with single spaces between them. A wider gap begins a new run, which is placed by its column in any font. */
const words = /\S+(?: \S+)*/gu;

/** A line of a terminal as runs of words. */
export function runsOf(line: string): readonly Run[] {
  const runs: Run[] = [];
  let look = plain;
  let column = 0;
  for (const [part, codes] of line.matchAll(piece)) {
    if (codes !== undefined) {
      look = codes.split(';').reduce((now, code) => changed(now, Number(code)), look);
      continue;
    }
    const classes = [look.colour, ...look.traits].filter((name) => name !== '').join(' ');
    for (const found of part.matchAll(words))
      runs.push({ column: column + stringWidth(part.slice(0, found.index)), text: found[0], classes });
    column += stringWidth(part);
  }
  return runs;
}

function changed(look: Look, code: number): Look {
  if (code === 0) return plain;
  if (code === 39) return { ...look, colour: '' };
  const colour = colours[code];
  if (colour !== undefined) return { ...look, colour };
  const trait = traits[code];
  const gone = ends[code] ?? [];
  const left = [...look.traits].filter((each) => !gone.includes(each));
  return { ...look, traits: new Set(trait === undefined ? left : [...left, trait]) };
}
