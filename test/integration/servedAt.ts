import { createInterface } from 'node:readline';

/** Where an operator with this output says that it serves its metrics: `http://127.0.0.1:8080`. */
export async function servedAt(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  const served = Promise.withResolvers<string>();
  lines.on('line', (line) => {
    const at = /serving (http:\/\/[^/]+)\/livez/.exec(line)?.[1];
    if (at !== undefined) served.resolve(at);
  });
  return served.promise;
}
