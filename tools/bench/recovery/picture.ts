import { escaped, page, scale, ticks } from '../svg.ts';
import type { Scale } from '../svg.ts';
import type { RecoveryResult, ScenarioResult, SubjectResult } from './result.ts';

const WIDTH = 960;
const COLUMNS = 2;
const HEAD = 62;
const PANEL = { width: WIDTH / COLUMNS, height: 172 };
const PLOT = { left: 34, right: 18, top: 42, bottom: 24 };
/** Lines with the same values are drawn this far apart. */
const APART_PX = 1.6;

/** A line of the picture: its colour, whether it is dashed, and what it is called. */
interface Look {
  readonly colour: string;
  readonly dashed: boolean;
  readonly words: string;
}

const looks: Readonly<Record<string, Look>> = {
  plain: { colour: 'plain', dashed: false, words: 'Deployment, 12' },
  spread: { colour: 'spread', dashed: false, words: 'spread + budget, 12' },
  'spread-more': { colour: 'spread', dashed: true, words: 'the same with 18 pods' },
  'kitchen-pod': { colour: 'kitchen', dashed: true, words: 'Kitchen, pods: 1 (13 pods)' },
  kitchen: { colour: 'kitchen', dashed: false, words: 'Kitchen, zones: 1 (18 pods)' },
};

const colours = {
  kitchen: ['#0969da', '#4493f8'],
  plain: ['#cf222e', '#ff7b72'],
  spread: ['#b87500', '#e3b341'],
} as const;

/** Draws the dips: one panel for each scenario, in it one line for each subject, and one for demand. */
export function recoveryPicture(result: RecoveryResult): string {
  const rows = Math.ceil(result.scenarios.length / COLUMNS);
  const height = HEAD + rows * PANEL.height + 8;
  const counts = result.scenarios.flatMap(({ subjects }) =>
    subjects.flatMap(({ curve }) => curve.map(([, pods]) => pods)),
  );
  const span = [Math.max(0, Math.min(...counts) - 1), topOf(result)] as const;
  const panels = result.scenarios.flatMap((scenario, index) => {
    const x = (index % COLUMNS) * PANEL.width;
    const y = HEAD + Math.floor(index / COLUMNS) * PANEL.height;
    return [`<g transform="translate(${x} ${y})">`, ...panel(scenario, result.demand, span), '</g>'];
  });
  const title = `Pods that really run, of ${result.demand} demanded, after each event (seconds)`;
  return page({ width: WIDTH, height, title }, colours, [...legend(title), ...panels]);
}

/**
 * A little above the most pods that a subject has before the event. Lines above it are cut, since only the dips matter.
 */
function topOf({ scenarios }: RecoveryResult): number {
  return Math.max(...scenarios.flatMap(({ subjects }) => subjects.map(({ pods }) => pods))) + 2;
}

function legend(title: string): readonly string[] {
  const items = ['kitchen', 'kitchen-pod', 'plain', 'spread', 'spread-more'].flatMap((name) => looks[name] ?? []);
  const widths = items.map(({ words }) => 42 + words.length * 7);
  const left = (index: number): number => 16 + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
  return [
    `<text class="h" x="16" y="24">${escaped(title)}</text>`,
    ...items.flatMap(({ words, ...look }, index) => [
      `<path class="${line(look)}" d="M${left(index)} 44h20"/>`,
      `<text x="${left(index) + 26}" y="48">${escaped(words)}</text>`,
    ]),
  ];
}

function panel(scenario: ScenarioResult, demand: number, span: readonly [number, number]): readonly string[] {
  const x = scale([0, scenario.seconds], [PLOT.left, PANEL.width - PLOT.right]);
  const y = scale(span, [PANEL.height - PLOT.bottom, PLOT.top]);
  const right = x(scenario.seconds);
  const below = PANEL.height - PLOT.bottom;
  const drawn = Object.keys(looks).flatMap((name) => scenario.subjects.find((subject) => subject.name === name) ?? []);
  return [
    `<text class="h" x="16" y="16">${escaped(scenario.title)}</text>`,
    `<text x="16" y="32">${shortFor(scenario)}</text>`,
    ...ticks(scenario.seconds).map((at) => `<text class="faint mid" x="${x(at)}" y="${below + 15}">${at}</text>`),
    `<path class="grid" d="M${PLOT.left} ${below}H${right}"/>`,
    `<path class="grid" stroke-dasharray="2 3" d="M${PLOT.left} ${y(demand)}H${right}"/>`,
    `<text class="end" x="${PLOT.left - 6}" y="${y(demand) + 4}">${demand}</text>`,
    ...[span[0], span[1]].map(
      (pods) => `<text class="faint end" x="${PLOT.left - 6}" y="${y(pods) + (pods > demand ? 8 : 2)}">${pods}</text>`,
    ),
    ...drawn.map((subject) => area(subject, demand, { x, y })),
    ...drawn.map((subject, index) => {
      const look = looks[subject.name];
      const shift = (index - 2) * APART_PX;
      return look === undefined
        ? ''
        : `<path class="${line(look)}" transform="translate(0 ${-Math.round(shift * 10) / 10})" d="${steps(subject, { x, y })}"/>`;
    }),
  ];
}

/** How long each subject was below demand, in the colour of its line. */
function shortFor({ subjects }: ScenarioResult): string {
  const words = ['kitchen', 'kitchen-pod', 'plain', 'spread', 'spread-more'].flatMap((name) => {
    const subject = subjects.find((each) => each.name === name);
    const look = looks[name];
    if (subject === undefined || look === undefined) return [];
    const isShort = subject.belowSeconds > 0;
    const text = isShort ? `${subject.belowSeconds} s${isShortAtEnd(subject) ? '…' : ''}` : 'never';
    return `<tspan class="t-${look.colour}" dx="4">${text}</tspan>`;
  });
  return `<tspan class="faint">below demand:</tspan>${words.join('<tspan class="faint" dx="4">·</tspan>')}`;
}

function isShortAtEnd({ wholeSeconds }: SubjectResult): boolean {
  return wholeSeconds === null;
}

function line({ colour, dashed }: Pick<Look, 'colour' | 'dashed'>): string {
  return `l ${colour}${dashed ? ' dash' : ''}`;
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}

function steps({ curve }: Pick<SubjectResult, 'curve'>, { x, y }: Axes): string {
  const [first, ...rest] = curve;
  if (first === undefined) return '';
  return `M${x(first[0])} ${y(first[1])}${rest.map(([at, pods]) => `H${x(at)}V${y(Math.min(pods, y.to))}`).join('')}H${x(x.to)}`;
}

/** The area of the pods that are missing below demand. */
function area({ name, curve }: SubjectResult, demand: number, axes: Axes): string {
  const look = looks[name];
  if (look === undefined || curve.every(([, pods]) => pods >= demand)) return '';
  const capped = curve.map(([at, pods]) => [at, Math.min(pods, demand)] as const);
  return `<path class="area a-${look.colour}" d="${steps({ curve: capped }, axes)}V${axes.y(demand)}H${axes.x(0)}Z"/>`;
}
