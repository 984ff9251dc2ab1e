import type { StepResult } from '../../../operator/apply/result.ts';
import type { StepRow, StepRows } from '../../../operator/apply/step.ts';
import type { Plan, Step } from '../../../operator/model/plan.ts';
import { controllerRow, controllers, station } from '../../../operator/run/controllers.ts';
import type { ControllerRow } from '../../../operator/run/controllers.ts';

/** Somebody who looks on while the operator works. */
export interface Eyes {
  readonly planned: (plan: Plan) => void;
  /** The step is about to be sent; `isLooked`: it rests on a last look. What is thrown keeps it from being sent. */
  readonly sends: (step: Step, isLooked: boolean) => void;
  readonly ended: (results: readonly StepResult<Step>[]) => void;
}

/** The operator's own controllers, under somebody's eyes. */
export function controllersUnder(eyes: Eyes): readonly ControllerRow[] {
  const seen: typeof station = {
    ...station,
    plan: (snapshot) => {
      const plan = station.plan(snapshot);
      eyes.planned(plan);
      return plan;
    },
    apply: { ...station.apply, rows: rowsUnder(eyes) },
    report: (facts, reporting) => {
      eyes.ended(facts.results);
      return station.report(facts, reporting);
    },
  };
  return controllers.map((row) => (row.name === 'station' ? controllerRow(row, seen) : row));
}

function rowsUnder(eyes: Eyes): StepRows<Step> {
  const rows = Object.entries<StepRow<never>>(station.apply.rows).map(([kind, row]) => {
    const seen: StepRow<never> = {
      ...row,
      send: (writing, step, sending) => {
        eyes.sends(step, row.isSame !== undefined);
        return row.send(writing, step, sending);
      },
    };
    return [kind, seen];
  });
  return Object.fromEntries(rows) as StepRows<Step>;
}
