import { escaped, page, scale } from './svg.ts';

/** Bars under a heading. */
export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  /** The name of its colour. */
  readonly colour: string;
  readonly value: number;
  readonly text: string;
}

interface BarPicture {
  readonly title: string;
  /** By name: for a light and a dark page. */
  readonly colours: Readonly<Record<string, readonly [string, string]>>;
  readonly groups: readonly BarGroup[];
}

const WIDTH = 960;
const COLUMNS = 2;
const PANEL = { width: WIDTH / COLUMNS, left: 24, right: 24, top: 16, heading: 24, row: 18, gap: 16 };

/** Draws groups of bars in two columns, all on one scale. */
export function barGroups({ title, colours, groups }: BarPicture): string {
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const groupHeight = PANEL.heading + Math.max(0, ...groups.map(({ bars }) => bars.length)) * PANEL.row + PANEL.gap;
  const height = PANEL.top + Math.ceil(groups.length / COLUMNS) * groupHeight;
  const body = groups.flatMap((each, index) => {
    const [x, y] = [(index % COLUMNS) * PANEL.width, PANEL.top + Math.floor(index / COLUMNS) * groupHeight];
    return [`<g transform="translate(${x} ${y})">`, ...drawn(each, most), '</g>'];
  });
  return page({ width: WIDTH, height, title }, colours, body);
}

function drawn({ heading, bars }: BarGroup, most: number): readonly string[] {
  const x = scale([0, most], [PANEL.left, PANEL.width - PANEL.right]);
  return [
    `<text class="h" x="${PANEL.left}" y="14">${escaped(heading)}</text>`,
    ...bars.flatMap(({ colour, value, text }, index) => {
      const y = PANEL.heading + index * PANEL.row;
      const width = Math.max(1, Math.round(x(value) - PANEL.left));
      return [
        `<rect class="a-${colour}" x="${PANEL.left}" y="${y}" width="${width}" height="13" rx="2" opacity=".5"/>`,
        `<text x="${PANEL.left + 6}" y="${y + 11}">${escaped(text)}</text>`,
      ];
    }),
  ];
}
