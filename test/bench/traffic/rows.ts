import type { Pod } from '../../../tools/bench/traffic/layout.ts';
import type { Row } from '../../../tools/bench/traffic/result.ts';

/** A row in which nothing failed, unless it is said. */
export function aRow(differing: Partial<Row> = {}): Row {
  const run = { fault: 'node-killed', who: 'hub', run: 1 } as const;
  return { ...run, method: 'GET', sent: 80, failed: 0, causes: {}, p50Ms: 3, p99Ms: 9, ...differing };
}

export const conditions = { commit: 'abc', envoy: 'v1.40.0', cores: 2, rate: 300, seconds: 15, answerMs: 3 };

export const pods: readonly Pod[] = [
  { name: 'zone-a-1-1', zone: 'zone-a', address: '127.0.1.1', port: 20_001 },
  { name: 'zone-b-1-1', zone: 'zone-b', address: '127.0.2.1', port: 20_002 },
];
