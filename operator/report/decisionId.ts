/** Letters and digits that spell no word and are not mistaken for one another, as in the names of pods. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const length = 6;

/** A short name for one decision, the same in log, event and status; `random` gives numbers in [0, 1). */
export function decisionId(random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)] ?? 'b').join('');
}
