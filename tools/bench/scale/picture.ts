import { escaped, page, scale, ticks } from '../svg.ts';
import type { ScaleResult, SizeResult } from './result.ts';

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly (readonly [string, string, (size: SizeResult) => number])[];
}

const panels: readonly Panel[] = [
  {
    title: 'a pod is deleted → the first write',
    unit: 'ms',
    bars: [
      ['p50', 'kitchen', ({ podKills }) => podKills.toWriteMs.p50],
      ['p99', 'late', ({ podKills }) => podKills.toWriteMs.p99],
    ],
  },
  {
    title: 'a zone is called lost → all stations whole',
    unit: 's',
    bars: [
      ['all grown (p99)', 'kitchen', ({ zoneKill }) => zoneKill.toGrowMs.p99 / 1000],
      ['all whole', 'late', ({ zoneKill }) => zoneKill.noticedSeconds],
    ],
  },
  {
    title: 'time that queues were not empty',
    unit: 's',
    bars: [
      ['operator', 'kitchen', ({ zoneKill }) => zoneKill.queues['operator']?.busySeconds ?? 0],
      ['Kubernetes', 'late', ({ zoneKill }) => othersBusySeconds(zoneKill)],
    ],
  },
];

const colours = { kitchen: ['#0969da', '#4493f8'], late: ['#b87500', '#e3b341'] } as const;
const WIDTH = 960;
const PANEL = { width: WIDTH / panels.length, left: 96, right: 32, top: 44, row: 20 };

/** Draws how the times grow with size: one panel for each time, two bars for each size. */
export function scalePicture({ sizes }: ScaleResult): string {
  const height = PANEL.top + sizes.length * 3 * PANEL.row + 8;
  const title = 'How reaction and recovery grow with the number of Kitchens';
  const drawn = panels.flatMap((panel, index) => [
    `<g transform="translate(${index * PANEL.width} 0)">`,
    ...bars(panel, sizes),
    '</g>',
  ]);
  return page({ width: WIDTH, height, title }, colours, drawn);
}

function bars({ title, unit, bars: of }: Panel, sizes: readonly SizeResult[]): readonly string[] {
  const most = Math.max(...sizes.flatMap((size) => of.map(([, , value]) => value(size))));
  const x = scale([0, ticks(most).at(-1) === 0 ? 1 : most], [PANEL.left, PANEL.width - PANEL.right]);
  return [
    `<text class="h" x="16" y="24">${escaped(title)}</text>`,
    ...sizes.flatMap((size, group) =>
      of.flatMap(([name, colour, value], index) => {
        const y = PANEL.top + (group * 3 + index) * PANEL.row;
        const text = `${Math.round(value(size) * 10) / 10} ${unit} ${name}`;
        const label =
          index === 0
            ? `<text class="faint end" x="${PANEL.left - 8}" y="${y + 12}">${size.kitchens} Kitchens</text>`
            : '';
        const width = Math.max(1, x(value(size)) - PANEL.left);
        return [
          label,
          `<rect class="a-${colour}" x="${PANEL.left}" y="${y + 2}" width="${Math.round(width)}" height="13" rx="2" opacity=".5"/>`,
          `<text x="${PANEL.left + 6}" y="${y + 13}">${escaped(text)}</text>`,
        ];
      }),
    ),
  ];
}

/** Of Kubernetes' own queues, the longest time that one was not empty. */
function othersBusySeconds({ queues }: SizeResult['zoneKill']): number {
  return Math.max(...Object.entries(queues).map(([name, { busySeconds }]) => (name === 'operator' ? 0 : busySeconds)));
}
