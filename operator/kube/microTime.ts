/** A date as the API's `MicroTime` wants it: with exactly six digits after the second. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
