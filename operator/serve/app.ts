import express from 'express';
import type { Express } from 'express';

/** What the HTTP server may ask of the operator. */
export interface Sources {
  /** Why the operator is not ready; empty when it is. */
  readonly faults: () => readonly string[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly onError: (error: unknown) => void;
}

/**
 * `/livez`, `/readyz` and `/metrics`. `/livez` always answers `ok`, and checks nothing. When the event loop is stuck,
 * the probe gets no answer in time, and the kubelet restarts the process. An API server that does not answer is no
 * reason for a restart.
 */
export function healthApp(sources: Sources): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const faults = sources.faults();
    const ready = faults.length === 0;
    response.status(ready ? 200 : 503).type('text/plain');
    response.send(ready ? 'ok\n' : `${faults.join('\n')}\n`);
  });
  app.get('/metrics', async (_request, response) => {
    try {
      const { contentType, body } = await sources.metrics();
      response.set('Content-Type', contentType).send(body);
    } catch (error) {
      sources.onError(error);
      response.status(500).type('text/plain').send('this failed: the reason is in the log\n');
    }
  });
  return app;
}
