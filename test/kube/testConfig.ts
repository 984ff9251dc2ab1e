import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../operator/engine/clock.ts';
import { systemClock } from '../../operator/engine/clock.ts';
import type { Client } from '../../operator/kube/client.ts';
import { loadConfig } from '../../operator/kube/config.ts';
import { connect } from '../../operator/kube/connect.ts';

/** A kubeconfig for a server on loopback, whose token is read from a file. */
export class TestConfig {
  readonly #folder: string;
  readonly #url: string;

  private constructor(folder: string, url: string) {
    this.#folder = folder;
    this.#url = url;
  }

  static async make(url: string, token = 'one'): Promise<TestConfig> {
    const made = new TestConfig(await mkdtemp(join(tmpdir(), 'kubeconfig-')), url);
    await made.setToken(token);
    await made.#write();
    return made;
  }

  get file(): string {
    return join(this.#folder, 'config');
  }

  async setToken(token: string): Promise<void> {
    await writeFile(join(this.#folder, 'token'), token);
  }

  connect(clock: Clock = systemClock, answered: (method: string, code: string) => void = () => undefined): Client {
    return connect({ config: loadConfig({ kubeconfig: this.file, clock }), clock, userAgent: 'test/1', answered });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  async #write(): Promise<void> {
    const provider = { name: 'tokenFile', config: { tokenFile: join(this.#folder, 'token') } };
    const config = {
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: this.#url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: { 'auth-provider': provider } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'kitchen' } }],
    };
    await writeFile(this.file, JSON.stringify(config));
  }
}
