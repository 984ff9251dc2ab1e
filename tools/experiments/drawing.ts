import { styleText } from 'node:util';
import type { Step } from './curve.ts';
import type { Outcome, Part } from './play.ts';

const WIDTH = 72;

/** Draws both curves, one above the other. Each column shows the fewest pods in its span of time. */
export function drawing(outcome: Outcome): string {
  const { kitchen, plain, lengthMs } = outcome;
  const top = Math.max(...[kitchen, plain].flatMap(({ steps }) => steps.map(({ pods }) => pods)));
  const seconds = Math.round(lengthMs / 1000);
  const axis = `${' '.repeat(5)}0 s${`${seconds} s`.padStart(WIDTH - 3)}`;
  return [
    ...panel('Kitchen', kitchen, { lengthMs, top }),
    '',
    ...panel('plain Deployment', plain, { lengthMs, top }),
    axis,
  ].join('\n');
}

interface Frame {
  readonly lengthMs: number;
  readonly top: number;
}

function panel(name: string, part: Part, { lengthMs, top }: Frame): readonly string[] {
  const least = leastIn(part.steps, lengthMs);
  const rows = Array.from({ length: top }, (_, index) => top - index).map((height) => {
    const bars = least.map((pods) => (pods >= height ? '█' : height <= part.demand ? '·' : ' ')).join('');
    const style = height <= part.demand ? 'green' : 'cyan';
    return `${String(height).padStart(3)} ${height === part.demand ? '┤' : '│'}${styleText(style, bars)}`;
  });
  const failed = failedIn(part, lengthMs);
  const marks = failed.map((count) => (count > 0 ? '×' : ' ')).join('');
  const { sent, failed: total } = part.traffic;
  return [
    `${styleText('bold', name)}: pods that run, of ${part.demand} promised; × where some of ${sent} requests failed (${total})`,
    ...rows,
    `    └${styleText('red', marks)}`,
  ];
}

function leastIn(steps: readonly Step[], lengthMs: number): readonly number[] {
  return Array.from({ length: WIDTH }, (_, column) => {
    const [from, to] = [(column / WIDTH) * lengthMs, ((column + 1) / WIDTH) * lengthMs];
    const before = steps.findLast(({ atMs }) => atMs <= from)?.pods ?? steps[0]?.pods ?? 0;
    return Math.min(before, ...steps.filter(({ atMs }) => atMs > from && atMs < to).map(({ pods }) => pods));
  });
}

function failedIn({ traffic }: Part, lengthMs: number): readonly number[] {
  const counts = Array.from({ length: WIDTH }, () => 0);
  for (const { second, failed } of traffic.failures) {
    const column = Math.min(WIDTH - 1, Math.floor(((second * 1000) / lengthMs) * WIDTH));
    counts[column] = (counts[column] ?? 0) + failed;
  }
  return counts;
}
