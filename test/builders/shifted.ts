import assert from 'node:assert/strict';
import type { ShiftView } from '../../operator/model/shift.ts';
import type { Snapshot } from '../../operator/model/snapshot.ts';
import { podsServiceIntent, serviceIntent } from '../../operator/plan/children/service.ts';
import { after, cordon, pods, zone } from './changes.ts';
import type { Change } from './changes.ts';
import { serviceAsApplied } from './served.ts';

const until = '2026-12-01T13:00:00Z';

/** The station is served through two hubs: its Service leads to them. */
export const behindHubs: Change = (snapshot) => {
  const { station } = snapshot;
  const asked = { ...station, spec: { ...station.spec, hub: { retries: 'Full' as const } } };
  const absent = { state: 'absent' } as const;
  const asking: Snapshot = { ...snapshot, station: asked, hub: { listed: 2, slices: 2, podsService: absent } };
  const podsService = podsServiceIntent(asking);
  assert.ok(podsService !== undefined && asking.hub !== undefined);
  const ready = { ...asking, hub: { ...asking.hub, podsService: serviceAsApplied(podsService) } };
  const service = serviceIntent(ready);
  assert.ok(service !== undefined);
  return { ...ready, service: serviceAsApplied(service) };
};

/** Requests are to leave the zone. */
export function shift(name: string, over: Partial<ShiftView> = {}): Change {
  return (snapshot) => {
    const made = zone(name, (each) => ({
      ...each,
      state: each.state === 'lost' ? 'lost' : 'shifted',
      pods: each.pods.map((pod) =>
        pod.state === 'sure' || pod.state === 'leaving' ? { ...pod, state: 'shifted' } : pod,
      ),
    }))(snapshot);
    const view: ShiftView = { zone: name as ShiftView['zone'], until, state: 'on', ...over };
    return { ...made, shifts: [...(snapshot.shifts ?? []), view] };
  };
}

/** The shift of the zone is over, and it has been back for long enough. */
export function endShift(name: string): Change {
  return (snapshot) => {
    const { shifts: _, ...made } = zone(name, (each) => ({
      ...each,
      state: 'live',
      pods: each.pods.map((pod) => (pod.state === 'shifted' ? { ...pod, state: 'sure' } : pod)),
    }))(snapshot);
    return made;
  };
}

/** An earlier look has told hubs to send nothing there. */
export function left(...zones: readonly string[]): Change {
  return (snapshot) => ({
    ...snapshot,
    station: { ...snapshot.station, status: { ...snapshot.station.status, shifted: zones } },
  });
}

/** A node of a shifted zone is cordoned, so long ago. */
export function leaveShifted(name: string, stateMs = 5_000): Change {
  return (snapshot) =>
    after(
      snapshot,
      cordon(name, stateMs),
      pods(({ node, state }) => node?.name === name && state === 'leaving', { state: 'shifted' }),
    );
}
