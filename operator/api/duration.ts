const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads `25s`, `1.5m` or `6h` as milliseconds; undefined when it is no such duration. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** Reads a duration as Go writes it, of several parts: `15.036s`, `1m0s`. In ms; undefined when it is no duration. */
export function goDurationMs(text: string): number | undefined {
  if (!/^(\d+(?:\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/\d+(?:\.\d+)?(?:ms|s|m|h)/g)].map(([part]) => durationMs(part) ?? 0);
  return parts.reduce((sum, ms) => sum + ms, 0);
}
