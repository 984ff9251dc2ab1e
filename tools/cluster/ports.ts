import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A free port on loopback, below the range from which outgoing connections take theirs. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(16_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port between 16000 and 32000 on 127.0.0.1');
}

/** Free ports, as of `freePort`, all different. */
export async function freePorts(many: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < many) ports.add(await freePort());
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
