import { escaped, page, scale, ticks } from '../svg.ts';
import { groupsOf, zoneMedian } from './median.ts';
import type { Group } from './median.ts';
import type { ScaleResult, ZoneFigures } from './result.ts';
import { totalOf } from './writes.ts';

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly value: (row: ZoneFigures) => number | null | undefined;
}

const panels: readonly Panel[] = [
  { title: 'first node lost → all stations whole', unit: ' s', value: ({ wholeS }) => wholeS ?? Infinity },
  { title: 'CPU of the API server, with the tail', unit: ' s', value: ({ cpuS }) => cpuS['kube-apiserver'] },
  { title: 'writes a station, with the tail', unit: '', value: ({ writes }) => totalOf(writes) },
];

const colours = {
  floor: ['#59636e', '#8b949e'],
  against: ['#b87500', '#e3b341'],
  now: ['#0969da', '#4493f8'],
} as const;
type Drawn = keyof typeof colours;
const drawn = Object.keys(colours) as readonly Drawn[];
const WIDTH = 960;
const PANEL = { width: WIDTH / panels.length, left: 96, right: 32, top: 44, row: 20, gap: 12 };

/** A bar of a panel, or only its text where there is no number to draw. */
interface Bar {
  readonly who: Drawn;
  readonly label: string;
  readonly y: number;
  readonly value: number | undefined;
}

/** Draws medians side by side: a panel for each figure, a group for each size, a bar for each subject. */
export function scalePicture(result: ScaleResult): string {
  const sizes = groupsOf(result.rows);
  const height = PANEL.top + heightOf(sizes) + 8;
  const names: Readonly<Record<Drawn, string>> = {
    floor: 'floor',
    against: result.against?.slice(0, 7) ?? '',
    now: 'now',
  };
  const body = panels.flatMap((panel, index) => [
    `<g transform="translate(${index * PANEL.width} 0)">`,
    `<text class="h" x="16" y="24">${escaped(panel.title)}</text>`,
    ...bars(panel, barsOf(panel, sizes), names),
    '</g>',
  ]);
  return page({ width: WIDTH, height, title: 'A zone dies: floor, older commit and now, by size' }, colours, body);
}

function shown(groups: readonly Group[]): readonly (Group & { readonly who: Drawn })[] {
  return drawn.flatMap((who) => groups.flatMap((group) => (group.who === who ? [{ ...group, who }] : [])));
}

function heightOf(sizes: readonly (readonly Group[])[]): number {
  return sizes.reduce((sum, groups) => sum + shown(groups).length * PANEL.row + PANEL.gap, 0);
}

function barsOf({ value }: Panel, sizes: readonly (readonly Group[])[]): readonly Bar[] {
  return sizes.flatMap((groups, place) =>
    shown(groups).map((group, index, all): Bar => {
      const { kitchens, namespaces, who } = group;
      const where = namespaces === 1 ? 'one namespace' : `in ${namespaces}`;
      const label =
        (all.length === 1 ? [`${kitchens} in ${namespaces}`] : [`${kitchens} Kitchens`, where])[index] ?? '';
      const y = PANEL.top + heightOf(sizes.slice(0, place)) + index * PANEL.row;
      return { who, label, y, value: zoneMedian(group, value) };
    }),
  );
}

function bars({ unit }: Panel, all: readonly Bar[], names: Readonly<Record<Drawn, string>>): readonly string[] {
  const most = Math.max(0, ...all.flatMap(({ value }) => (value !== undefined && value < Infinity ? [value] : [])));
  const x = scale([0, ticks(most).at(-1) === 0 ? 1 : most], [PANEL.left, PANEL.width - PANEL.right]);
  return all.flatMap(({ who, label, y, value }) => {
    const isNumber = value !== undefined && value < Infinity;
    const width = isNumber ? Math.max(1, Math.round(x(value) - PANEL.left)) : 1;
    const text = isNumber
      ? `${Math.round(value * 10) / 10}${unit}`
      : value === undefined
        ? '-'
        : 'not within the limit';
    return [
      ...(label === '' ? [] : [`<text class="faint end" x="${PANEL.left - 8}" y="${y + 13}">${escaped(label)}</text>`]),
      `<rect class="a-${who}" x="${PANEL.left}" y="${y + 2}" width="${width}" height="13" rx="2" opacity=".5"/>`,
      `<text x="${PANEL.left + 6}" y="${y + 13}">${escaped(`${text} ${names[who]}`)}</text>`,
    ];
  });
}
