import type { EventNote } from '../../operator/kube/events.ts';
import { silentLog } from '../../operator/report/log.ts';
import { createMetrics } from '../../operator/report/metrics.ts';
import type { Reporting } from '../../operator/report/reporting.ts';
import { Untold } from '../../operator/report/untold.ts';
import { FakeClient } from './fakeClient.ts';
import { FakeClock } from './fakeClock.ts';

/** Where a report goes, and what arrived there: writes, events, and log lines with the id of their decision. */
export interface TakenReports {
  readonly client: FakeClient;
  readonly events: EventNote[];
  readonly logged: string[];
  readonly reporting: Reporting;
}

/** Takes reports; decisions are `id1`, `id2` and so on. */
export function aReporting(): TakenReports {
  const client = new FakeClient();
  const events: EventNote[] = [];
  const logged: string[] = [];
  let ids = 0;
  const reporting: Reporting = {
    client,
    learn: () => undefined,
    clock: new FakeClock(),
    newId: () => `id${(ids += 1)}`,
    log: {
      ...silentLog,
      info: (message, fields) => logged.push(`${message} [${String(fields?.['decision'])}]`),
      warn: (message) => logged.push(`warn ${message}`),
    },
    metrics: createMetrics(),
    events: { record: (note) => events.push(note) },
    untold: new Untold(),
    isBehind: () => false,
  };
  return { client, events, logged, reporting };
}
