import stringWidth from 'string-width';

// oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
const piece = /\u001B\[[\d;]*m|./gsu;

/** A line cut to at most `width` columns, `…` standing for what is gone; escape sequences of colours take no room and all stay. */
export function clip(line: string, width: number): string {
  if (stringWidth(line) <= width) return line;
  let room = width - 1;
  let isCut = false;
  let kept = '';
  for (const [part] of line.matchAll(piece)) {
    if (part.startsWith('\u001B')) {
      kept += part;
      continue;
    }
    if (isCut) continue;
    room -= stringWidth(part);
    isCut = room < 0;
    kept += isCut ? '…' : part;
  }
  return kept;
}
