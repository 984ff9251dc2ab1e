import { spawn } from 'node:child_process';
import { styleText } from 'node:util';

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Text or bytes that it reads. */
  readonly input?: string;
  /** Keep its output for the result instead of showing it. */
  readonly capture?: boolean;
  /** Do not print the command line. */
  readonly quiet?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A program that could not be started or ended with an error; the message has its last lines. */
export class RunError extends Error {
  /** Exit code; undefined when it was not there or was ended by a signal. */
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined) {
    super(message);
    this.code = code;
  }
}

/**
 * Prints a command line, so that people learn it, and runs it. Resolves to its output, if that is captured. Throws a
 * `RunError`.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = '', ...args] = command;
  if (options.quiet !== true) console.error(styleText('cyan', `$ ${commandLine(command)}`));
  const stdio = [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const;
  const signals = [options.signal ?? [], AbortSignal.timeout(options.timeoutMs ?? 600_000)].flat();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [...stdio],
    signal: AbortSignal.any(signals),
  });
  let out = '';
  let last = '';
  const shows = options.capture !== true && options.quiet !== true;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (options.capture === true) out += text;
    else if (shows) process.stderr.write(text);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-4000);
    if (shows) process.stderr.write(text);
  });
  child.stdin?.on('error', () => undefined).end(options.input);
  const code = await endOf(child, program);
  if (code === 0) return out;
  const said = shows ? '' : `:\n${last.trim()}`;
  throw new RunError(`${commandLine(command)} ended with ${code ?? 'a signal'}${said}`, code ?? undefined);
}

/** Whether a program can be started at all. */
export async function isThere(program: string): Promise<boolean> {
  try {
    await run([program, program === 'kubectl' ? 'options' : 'version'], { quiet: true, timeoutMs: 20_000 });
    return true;
  } catch (error) {
    return !(error instanceof RunError && error.code === undefined);
  }
}

/** The command line as a shell would take it. */
export function commandLine(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

function endOf(child: ReturnType<typeof spawn>, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(new RunError(`${program} is not on PATH; install it`, undefined));
      else if (error.name === 'AbortError')
        reject(new RunError(`${program} was stopped: it took too long, or was no more wanted`, undefined));
      else reject(error);
    });
    child.once('close', resolve);
  });
}
