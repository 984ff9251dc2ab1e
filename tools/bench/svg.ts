/** Maps a chart's values to the page: data from `from` to `to`, on pixels from `fromPx` to `toPx`. */
export interface Scale {
  (value: number): number;
  readonly to: number;
}

/** A linear scale. It rounds to a hundredth of a pixel. */
export function scale(data: readonly [number, number], pixels: readonly [number, number]): Scale {
  const [from, to] = data;
  const [fromPx, toPx] = pixels;
  const span = to === from ? 1 : to - from;
  return Object.assign((value: number) => px(fromPx + ((value - from) / span) * (toPx - fromPx)), { to });
}

/** Round values from 0 to `to`, five at most besides 0: `0, 100, 200, 300, 400`. */
export function ticks(to: number): readonly number[] {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(to, 1) / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => to / each <= 5) ?? to;
  return Array.from({ length: Math.floor(to / step) + 1 }, (_, index) => index * step);
}

/** The text, escaped for XML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A drawing on a page of its own, with colours for light and for dark surroundings: `NAME: [light, dark]`. */
export function page(
  size: { readonly width: number; readonly height: number; readonly title: string },
  colours: Readonly<Record<string, readonly [string, string]>>,
  body: readonly string[],
): string {
  const rules = (index: 0 | 1): string =>
    [
      `.page{fill:${paper[index]};stroke:${grid[index]}}text{fill:${ink[index]}}.faint{fill:${faint[index]}}.grid{stroke:${grid[index]}}`,
      ...Object.entries(colours).map(
        ([name, pair]) =>
          `.${name}{stroke:${pair[index]}}.t-${name}{fill:${pair[index]}}.a-${name}{fill:${pair[index]}}`,
      ),
    ].join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img">`,
    `<title>${escaped(size.title)}</title>`,
    `<style>text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}.h{font-weight:600;font-size:13px}`,
    `.end{text-anchor:end}.mid{text-anchor:middle}.l{fill:none;stroke-width:2;stroke-linejoin:round}.dash{stroke-dasharray:5 3;stroke-width:1.6}`,
    `.grid{stroke-width:1}.area{stroke:none;opacity:.16}`,
    `${rules(0)}@media(prefers-color-scheme:dark){${rules(1)}}</style>`,
    `<rect class="page" x=".5" y=".5" width="${size.width - 1}" height="${size.height - 1}" rx="8"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

const paper = ['#ffffff', '#0d1117'] as const;
const ink = ['#1f2328', '#d1d7e0'] as const;
const faint = ['#59636e', '#8b949e'] as const;
const grid = ['#d1d9e0', '#3d444d'] as const;

function px(value: number): number {
  return Math.round(value * 100) / 100;
}
