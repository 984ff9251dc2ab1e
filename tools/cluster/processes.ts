import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Notice, Order } from './supervisor.ts';

export type Command = { readonly name: string; readonly command: string; readonly args: readonly string[] };

/** A cluster's processes; they end with this process, however it ends, unless they are let go. */
export type Processes = {
  readonly supervisorPid: number;
  start(command: Command): void;
  /** Signals the process and resolves when it has exited. */
  stop(name: string, signal: NodeJS.Signals): Promise<void>;
  /** Rejects when the process exits by itself, with the last lines of its log; never resolves. */
  failureOf(name: string): Promise<never>;
  /** Leaves the processes running after this one. */
  letGo(): Promise<void>;
  /** Ends all and resolves when none is left. */
  end(): Promise<void>;
};

type Piped = ChildProcessByStdio<Writable, Readable, null>;

/** Starts a supervisor over the folder, in a process group of its own, which Ctrl-C in a terminal does not reach. */
export function superviseProcesses(dir: string, options: { readonly removeDir: boolean }): Processes {
  const script = join(import.meta.dirname, 'supervisor.ts');
  const args = [script, dir, ...(options.removeDir ? ['--remove'] : [])];
  // Not our own stderr: if that is a pipe, it would stay open while released processes still run.
  const log = openSync(join(dir, 'supervisor.log'), 'a', 0o600);
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', log], detached: true }) as Piped;
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const exits = new Map<string, PromiseWithResolvers<Notice>>();
  createInterface(child.stdout).on('line', (line) => {
    const notice = JSON.parse(line) as Notice;
    exits.get(notice.exited)?.resolve(notice);
  });
  child.stdin.on('error', () => {});
  const order = (what: Order) => void child.stdin.write(`${JSON.stringify(what)}\n`);
  return {
    supervisorPid: child.pid ?? 0,
    start: ({ name, command, args: given }) => {
      exits.set(name, Promise.withResolvers());
      order({ start: name, command, args: given });
    },
    stop: async (name, signal) => {
      order({ stop: name, signal });
      await exits.get(name)?.promise;
    },
    failureOf: async (name) => {
      await exits.get(name)?.promise;
      throw new Error(`${name} stopped:\n${await lastLines(join(dir, `${name}.log`))}`);
    },
    letGo: async () => {
      order({ letGo: true });
      await new Promise<void>((resolve) => child.stdin.end(resolve));
      child.stdout.destroy();
      child.unref();
    },
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-15).join('\n');
}
