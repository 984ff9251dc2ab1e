import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Say } from './progress.ts';

const beatMs = 1000;
const staleMs = 30_000;

/**
 * Does the work while it holds the lock file `path`; waits while another living process holds it.
 * The holder touches the file every second. So a holder that died is noticed, even if another process has its id now.
 */
export async function withLock<T>(path: string, say: Say, work: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; !(await tryTake(path)); waitedMs += 200) {
    if (await isStale(path)) {
      await breakLock(path);
      continue;
    }
    if (waitedMs % 5000 === 0) say(`waiting for another start, which is making the same binaries (${path})`);
    await pause(200);
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

async function tryTake(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const holder = Number.parseInt(text, 10);
    const silentMs = Date.now() - mtimeMs;
    // A new lock file may not hold its process id yet.
    return silentMs > (Number.isNaN(holder) ? 2 * beatMs : staleMs) || (holder > 0 && !isAlive(holder));
  } catch {
    return false;
  }
}

/**
 * If two processes break the lock at once, both may go on. That is harmless, because each publishes its result by one
 * rename.
 */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => {});
  await rm(aside, { force: true });
}

/** Whether a process with this id runs, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
