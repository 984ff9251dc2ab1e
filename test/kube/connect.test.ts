import { describeConformance } from './conformance.ts';
import { FaultyServer } from './faultyServer.ts';
import { TestConfig } from './testConfig.ts';

describe('against a server in memory', () => {
  describeConformance(async () => {
    const server = await new FaultyServer().start();
    const config = await TestConfig.make(server.url);
    const client = config.connect();
    const close = async (): Promise<void> => {
      await client.close();
      await server.stop();
      await config.remove();
    };
    return { client, namespace: 'default', close };
  });
});
