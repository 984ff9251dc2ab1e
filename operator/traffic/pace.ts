/** Up to so many Envoys tell of their load every second, and up to so many every two; more of them every five. */
const EACH_SECOND = 60;
const EACH_OTHER_SECOND = 120;

/**
 * How often each Envoy tells of its load, and how often it is decided where they send, in milliseconds. A load that moves is
 * followed the sooner: with nine hubs a zone, p99 is 300 ms every second and 625 ms every two (in the model of
 * test/balance/queues.ts). But to read what 100 Envoys tell of 100 stations every second would take a third of a core.
 */
export function reportEveryMs(envoys: number): number {
  if (envoys <= EACH_SECOND) return 1_000;
  return envoys <= EACH_OTHER_SECOND ? 2_000 : 5_000;
}
