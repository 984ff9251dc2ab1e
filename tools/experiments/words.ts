import type { Outcome, Part } from './play.ts';

/** The result in two sentences. */
export function twoSentences({ kitchen, plain, control }: Outcome): string {
  const sentences = `The Kitchen ${told(kitchen)}. The plain Deployment ${told(plain)}.`;
  const { failed, sent } = control;
  if (failed === 0) return sentences;
  return `${sentences} The machine was too busy to be trusted: a service that nothing was done to failed ${failed} of ${thousands(sent)}.`;
}

/** `ran 5 of 6 at the least, was short for 12 s, and failed 3 of 12,000 requests (connection refused 3)`. */
function told(part: Part): string {
  const { demand, least, shortMs, traffic } = part;
  const ran = `ran ${least} ${least === 1 ? 'pod' : 'pods'} at the least where ${demand} were promised`;
  const short = shortMs > 0 ? `, was short for ${seconds(shortMs)}${stillShort(part)}` : '';
  return `${ran}${short}, and failed ${traffic.failed} of ${thousands(traffic.sent)} requests${reasons(part)}`;
}

function stillShort({ demand, steps }: Part): string {
  return (steps.at(-1)?.pods ?? 0) < demand ? ' and still is' : '';
}

function reasons({ traffic: { errors } }: Part): string {
  const kinds = Object.entries(errors).toSorted(([, a], [, b]) => b - a);
  return kinds.length === 0 ? '' : ` (${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')})`;
}

/** Milliseconds as people read them. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** `12000` as `12,000`. */
export function thousands(count: number): string {
  return count.toLocaleString('en');
}
