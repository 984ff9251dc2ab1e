import { runsOf } from './ansi.ts';
import type { Room } from './picture.ts';
import type { Shot } from './recording.ts';

const FONT_PX = 14;
const COLUMN_PX = 8.43;
const LINE_PX = 19;
const MARGIN_PX = 18;
const BAR_PX = 34;

const style = `
text{font:${FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d1d7e0;white-space:pre}
.d{fill:#8b949e}
.r{fill:#ff7b72}.g{fill:#56d364}.y{fill:#e3b341}.b{fill:#79c0ff}.m{fill:#d2a8ff}.c{fill:#56d4dd}
.B{font-weight:700}.s{text-decoration:line-through}`;

/**
 * The pictures of a terminal, one after another in an endless loop, as an SVG that needs neither script nor font: a
 * strip of pictures, one below the other, that CSS moves past a window. A line that several pictures share is written
 * once.
 */
export function animatedSvg(shots: readonly Shot[], room: Room): string {
  const windowPx = { width: px(room.width * COLUMN_PX), height: room.height * LINE_PX };
  const whole = { width: px(windowPx.width + 2 * MARGIN_PX), height: windowPx.height + BAR_PX + MARGIN_PX };
  const lines = new Map<string, string>();
  const strip = shots.flatMap(({ text }, shot) =>
    text
      .split('\n')
      .slice(0, room.height)
      .flatMap((line, row) => placed(line, shot * windowPx.height + row * LINE_PX, lines)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole.width} ${whole.height}" width="${whole.width}" height="${whole.height}">`,
    `<style>${style}\n${motion(shots, windowPx.height)}</style>`,
    `<rect x=".5" y=".5" width="${px(whole.width - 1)}" height="${whole.height - 1}" rx="9" fill="#0d1117" stroke="#3d444d"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${MARGIN_PX + 5 + index * 19}" cy="17" r="5.5" fill="${fill}"/>`,
    ),
    `<defs>${[...lines].map(([line, id]) => lineText(line, id)).join('\n')}</defs>`,
    `<svg x="${MARGIN_PX}" y="${BAR_PX}" width="${windowPx.width}" height="${windowPx.height}"><g class="strip">`,
    ...strip,
    '</g></svg></svg>',
    '',
  ].join('\n');
}

/** Shows each picture for its time. With reduced motion only the last picture is shown. */
function motion(shots: readonly Shot[], heightPx: number): string {
  const totalMs = shots.reduce((sum, { forMs }) => sum + forMs, 0);
  let beforeMs = 0;
  const stops = shots.map(({ forMs }, shot) => {
    const percent = px((beforeMs / totalMs) * 100);
    beforeMs += forMs;
    return `${percent}%{transform:translateY(${-shot * heightPx}px)}`;
  });
  const last = `transform:translateY(${-(shots.length - 1) * heightPx}px)`;
  return [
    `@keyframes play{${stops.join('')}100%{${last}}}`,
    `.strip{animation:play ${px(totalMs / 1000)}s steps(1,end) infinite}`,
    `@media (prefers-reduced-motion:reduce){.strip{animation:none;${last}}}`,
  ].join('\n');
}

function placed(line: string, y: number, lines: Map<string, string>): readonly string[] {
  if (runsOf(line).length === 0) return [];
  const id = lines.get(line) ?? `l${lines.size.toString(36)}`;
  lines.set(line, id);
  return [`<use href="#${id}" y="${y}"/>`];
}

function lineText(line: string, id: string): string {
  const spans = runsOf(line).map(({ column, text, classes }) => {
    const look = classes === '' ? '' : ` class="${classes}"`;
    return `<tspan x="${px(column * COLUMN_PX)}"${look}>${escaped(text)}</tspan>`;
  });
  return `<text id="${id}" y="${FONT_PX}">${spans.join('')}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function px(value: number): number {
  return Math.round(value * 100) / 100;
}
