import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@bufbuild/protobuf';
import { freePorts } from '../cluster/ports.ts';
import { bootstrap, secretFiles } from './bootstrap.ts';
import { envoyBinary } from './binary.ts';

export interface EnvoyOptions {
  readonly operator: { readonly port: number; readonly name: string };
  readonly token: string;
  /** The authority that it believes, PEM. */
  readonly authority: string;
}

/** A process of Envoy. It ends when it is disposed of. */
export interface EnvoyProcess extends AsyncDisposable {
  readonly pid: number;
  readonly ended: boolean;
  readonly log: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** A real Envoy that has been started as in a hub. */
export interface RunningEnvoy extends EnvoyProcess {
  readonly probeUrl: string;
  readonly adminUrl: string;
}

/** Starts an Envoy as a hub would. Its files and its process end with it. */
export async function startEnvoy({ operator, token, authority }: EnvoyOptions): Promise<RunningEnvoy> {
  await using left = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'kitchen-envoy-'));
  left.defer(() => rm(dir, { recursive: true }));
  const [probePort = 0, adminPort = 0] = await freePorts(2);
  const files = { token, 'ca.crt': authority, ...secretFiles(dir) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const config = bootstrap({
    operator: { host: '127.0.0.1', ...operator },
    secrets: dir,
    probe: { host: '127.0.0.1', port: probePort },
    adminPort,
  });
  const envoy = left.use(await runEnvoy(config));
  const moved = left.move();
  return {
    pid: envoy.pid,
    get ended() {
      return envoy.ended;
    },
    log: envoy.log,
    signal: envoy.signal,
    probeUrl: `http://127.0.0.1:${probePort}/ready`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Starts an Envoy with this bootstrap. Rejects when the binary cannot be had or started. */
export async function runEnvoy(config: JsonObject): Promise<EnvoyProcess> {
  const binary = await envoyBinary((line) => console.error(line));
  const flags = ['--concurrency', '1', '--disable-hot-restart', '--log-level', 'warning'];
  const child = spawn(
    binary,
    ['--config-yaml', JSON.stringify(config), '--service-node', 'hub', '--service-cluster', 'hub', ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  await once(child, 'spawn');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    get ended() {
      return hasEnded();
    },
    log: () => log,
    signal: (name) => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      const exit = hasEnded() ? Promise.resolve() : once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
