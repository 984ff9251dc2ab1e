/** Shows one line of progress to a person who waits. */
export type Say = (line: string) => void;

/** Does the work, and prints its progress every two seconds. */
export async function whileSaying<T>(say: Say, line: () => string, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => say(line()), 2000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** `75` seconds as `1 min 15 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
