/**
 * Runs a cluster's processes as its children. When the process at the other end of its standard input ends in any way,
 * and has not let the processes go before, it ends them. It reads orders and writes notices as JSON lines (`Order`,
 * `Notice`).
 * Usage: node supervisor.ts DIR [--remove], where --remove deletes DIR at the end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Order =
  | { readonly start: string; readonly command: string; readonly args: readonly string[] }
  | { readonly stop: string; readonly signal: NodeJS.Signals }
  | { readonly letGo: true };

export type Notice = { readonly exited: string; readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** An entry of `processes.json`. There is one for each process that was ever started. */
export type ProcessRecord = { readonly name: string; readonly pid: number; readonly ended?: string | undefined };

if (import.meta.main) supervise(process.argv[2] ?? '.', process.argv.includes('--remove'));

function supervise(dir: string, remove: boolean): void {
  process.umask(0o077);
  const children = new Map<string, ChildProcess>();
  const records = new Map<string, ProcessRecord>();
  let letGo = false;

  const record = (entry: ProcessRecord) => {
    records.set(entry.name, entry);
    const file = join(dir, 'processes.json');
    writeFileSync(`${file}.new`, JSON.stringify([...records.values()]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const start = (name: string, command: string, args: readonly string[]) => {
    const log = openSync(join(dir, `${name}.log`), 'a', 0o600);
    const child = spawn(command, args, { stdio: ['ignore', log, log], cwd: dir });
    closeSync(log);
    children.set(name, child);
    if (child.pid !== undefined) record({ name, pid: child.pid });
    child.once('error', (error) => {
      // If it was not started at all, no exit event will come.
      if (child.pid !== undefined) return;
      appendFileSync(join(dir, `${name}.log`), `${error.message}\n`);
      ended(name, child, { code: null, signal: null, how: error.message });
    });
    child.once('exit', (code, signal) => ended(name, child, { code, signal, how: signal ?? `exit code ${code}` }));
  };
  const ended = (name: string, child: ChildProcess, { how, ...rest }: Omit<Notice, 'exited'> & { how: string }) => {
    if (children.get(name) === child) children.delete(name);
    record({ name, pid: child.pid ?? 0, ended: how });
    const notice: Notice = { exited: name, ...rest };
    process.stdout.write(`${JSON.stringify(notice)}\n`);
  };
  const endAll = () => {
    // Their data is deleted afterwards, so they need not end in order.
    const exits = [...children.values()].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of children.values()) child.kill('SIGKILL');
    void Promise.all(exits).then(() => {
      if (remove) rmSync(dir, { recursive: true, force: true });
      process.exit(0);
    });
  };

  process.stdout.on('error', () => {});
  process.on('SIGTERM', endAll);
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  createInterface(process.stdin)
    .on('line', (line) => {
      const order = JSON.parse(line) as Order;
      if ('start' in order) start(order.start, order.command, order.args);
      else if ('stop' in order) children.get(order.stop)?.kill(order.signal);
      else letGo = true;
    })
    .on('close', () => {
      if (!letGo) endAll();
    });
}
