import { stations } from '../../api/resources.ts';
import { findCondition } from '../../api/conditions.ts';
import type { StationStatus } from '../../api/station.ts';
import { stationSteps } from '../../apply/station/steps.ts';
import type { StationLabels } from '../metrics.ts';
import type { Reported, Reporting } from '../reporting.ts';
import { reportPass } from '../reportPass.ts';
import { hurryOf } from '../hurry.ts';
import { changeEvents } from './events.ts';
import type { StationFacts } from './facts.ts';
import { stationStatus } from './status.ts';

/** Reports what was seen, decided and done for a station: in metrics, log, status and events. */
export async function reportStation(facts: StationFacts, reporting: Reporting): Promise<Reported> {
  const { station } = facts.snapshot;
  return reportPass(
    {
      resource: stations,
      metadata: station.metadata,
      results: facts.results,
      rows: stationSteps,
      before: station.status,
      after: (decisions, now) => stationStatus(facts, decisions, now),
      hurry: (after) => hurryOf(station.status, after),
      measure: (after) => measure(facts, after, reporting),
      changes: (after) => changeEvents(station, after),
    },
    reporting,
  );
}

function measure({ snapshot, plan }: StationFacts, status: StationStatus, { metrics }: Reporting): void {
  const { spec, metadata } = snapshot.station;
  const labels: StationLabels = { namespace: metadata.namespace ?? '', kitchen: spec.kitchen, station: spec.station };
  metrics.stationMeasured(labels, {
    demand: spec.replicas,
    target: plan.target,
    ready: status.ready ?? 0,
    surplus: status.surplus ?? 0,
    margin: plan.survival.short > 0 ? -plan.survival.short : plan.survival.pods,
    shifted: plan.shifts.length,
    survivable: findCondition(status.conditions ?? [], 'Survivable')?.status === 'True' ? 1 : 0,
  });
}
