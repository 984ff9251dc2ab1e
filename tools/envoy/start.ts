import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { devNull, tmpdir } from 'node:os';
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
  /** Changes what it starts with. */
  readonly adapt?: (bootstrap: JsonObject) => JsonObject;
}

/** A line of the log of requests. */
export type LoggedRequest = Readonly<Record<string, string | number | null>>;

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
  readonly liveUrl: string;
  readonly metricsUrl: string;
  readonly adminUrl: string;
  /** The lines that it has logged about requests. */
  readonly requests: () => Promise<readonly LoggedRequest[]>;
}

/** Starts an Envoy as a hub would. Its files and its process end with it. */
export async function startEnvoy({
  operator,
  token,
  authority,
  adapt = (config) => config,
}: EnvoyOptions): Promise<RunningEnvoy> {
  await using left = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'kitchen-envoy-'));
  left.defer(() => rm(dir, { recursive: true }));
  const [probePort = 0, metricsPort = 0, adminPort = 0, localPort = 0] = await freePorts(4);
  const files = { token, 'ca.crt': authority, ...secretFiles(dir) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const host = '127.0.0.1';
  const config = bootstrap({
    operator: { host, ...operator },
    secrets: dir,
    probe: { host, port: probePort },
    metrics: { host, port: metricsPort },
    adminPort,
    local: { host, port: localPort, service: { host, port: localPort } },
  });
  const requestLog = join(dir, 'requests.log');
  const envoy = left.use(await runEnvoy(adapt(config), requestLog));
  const moved = left.move();
  return {
    pid: envoy.pid,
    get ended() {
      return envoy.ended;
    },
    log: envoy.log,
    signal: envoy.signal,
    probeUrl: `http://${host}:${probePort}/ready`,
    liveUrl: `http://${host}:${probePort}/live`,
    metricsUrl: `http://${host}:${metricsPort}/metrics`,
    adminUrl: `http://${host}:${adminPort}`,
    requests: async () => {
      const lines = (await readFile(requestLog, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as LoggedRequest);
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** By default a line about a request is written 10 s later. */
const FLAGS =
  '--service-node hub --service-cluster hub --concurrency 1 --disable-hot-restart --log-level warning --file-flush-interval-msec 100';

/**
 * Starts an Envoy with this bootstrap. It logs requests into the file, or nowhere. Rejects when the binary cannot be had or
 * started.
 */
export async function runEnvoy(config: JsonObject, requestLog: string = devNull): Promise<EnvoyProcess> {
  const binary = await envoyBinary((line) => console.error(line));
  // A pipe of Node is a socket, which cannot be opened by the name /dev/stdout.
  await using output = await open(requestLog, 'a');
  const child = spawn(binary, ['--config-yaml', JSON.stringify(config), ...FLAGS.split(' ')], {
    stdio: ['ignore', output.fd, 'pipe'],
    env: { ...process.env, NODE_NAME: 'node-1' },
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
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
