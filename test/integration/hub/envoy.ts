import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, secretFiles } from '../../../tools/envoy/bootstrap.ts';
import { envoyBinary } from '../../../tools/envoy/binary.ts';

export interface EnvoyOptions {
  readonly operator: { readonly port: number; readonly name: string };
  readonly token: string;
  /** The authority that it believes, PEM. */
  readonly authority: string;
}

/** A line of the log of requests. */
export type LoggedRequest = Readonly<Record<string, string | number | null>>;

/** A real Envoy that has been started as in a hub. */
export interface RunningEnvoy extends AsyncDisposable {
  readonly pid: number;
  readonly probeUrl: string;
  readonly liveUrl: string;
  readonly metricsUrl: string;
  readonly adminUrl: string;
  log(): string;
  /** The lines that it has logged about requests. */
  requests(): Promise<readonly LoggedRequest[]>;
  signal(name: NodeJS.Signals): void;
}

/** Starts an Envoy as a hub would. Its files and its process end with it. */
export async function startEnvoy({ operator, token, authority }: EnvoyOptions): Promise<RunningEnvoy> {
  const binary = await envoyBinary((line) => console.error(line));
  const dir = await mkdtemp(join(tmpdir(), 'kitchen-envoy-'));
  const [probePort, metricsPort, adminPort, localPort = 0] = await freePorts(4);
  const files = { token, 'ca.crt': authority, ...secretFiles(dir) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const config = bootstrap({
    operator: { host: '127.0.0.1', ...operator },
    secrets: dir,
    probe: { host: '127.0.0.1', port: probePort ?? 0 },
    metrics: { host: '127.0.0.1', port: metricsPort ?? 0 },
    adminPort: adminPort ?? 0,
    local: { host: '127.0.0.1', port: localPort, service: { host: '127.0.0.1', port: localPort } },
  });
  const requestLog = join(dir, 'requests.log');
  const child = await spawnEnvoy(binary, JSON.stringify(config), requestLog);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  return {
    pid: child.pid ?? 0,
    probeUrl: `http://127.0.0.1:${probePort}/ready`,
    liveUrl: `http://127.0.0.1:${probePort}/live`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    log: () => log,
    requests: async () => {
      const lines = (await readFile(requestLog, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as LoggedRequest);
    },
    signal: (name) => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
      await rm(dir, { recursive: true });
    },
  };
}

/** By default a line about a request is written 10 s later. */
const FLAGS =
  '--service-node hub --service-cluster hub --concurrency 1 --disable-hot-restart --log-level warning --file-flush-interval-msec 100';

async function spawnEnvoy(binary: string, config: string, requestLog: string): Promise<ChildProcess> {
  // A pipe of Node is a socket, which cannot be opened by the name /dev/stdout.
  await using output = await open(requestLog, 'a');
  const env = { ...process.env, NODE_NAME: 'node-1' };
  const flags = ['--config-yaml', config, ...FLAGS.split(' ')];
  const child = spawn(binary, flags, { stdio: ['ignore', output.fd, 'pipe'], env });
  await once(child, 'spawn');
  return child;
}

/** Ports of loopback that were free a moment ago, all different. */
export async function freePorts(many: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: many }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
