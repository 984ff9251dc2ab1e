import { columns } from '../../../operator/cli/columns.ts';
import type { RecoveryResult, ScenarioResult, SubjectResult } from './result.ts';

const head = ['', 'PODS', 'LEAST', 'SHORT FOR', 'POD-SECONDS', 'WHOLE AFTER', 'MADE', 'WRITES', 'ZONES AT THE END'];

/** A table of all scenarios, with one line for each subject. */
export function recoveryTable({ scenarios, ...result }: RecoveryResult): string {
  const rows = scenarios.flatMap((scenario) => [
    [],
    [scenario.title.toUpperCase()],
    ...scenario.subjects.map((subject) => row(subject, scenario)),
  ]);
  // A title is longer than any name, so it stands alone on its line.
  const aligned = columns([head, ...rows.map((cells) => (cells.length === 1 ? [''] : cells))]);
  const lines = aligned.map((line, index) => {
    const cells = rows[index - 1];
    return cells?.length === 1
      ? `${cells[0]}  ${scenarios.find(({ title }) => title.toUpperCase() === cells[0])?.note ?? ''}`
      : line;
  });
  return [
    ...lines,
    '',
    `LEAST that really ran of ${result.demand} demanded. SHORT FOR: time below demand; POD-SECONDS: pods missing below it, summed over time.`,
    'WHOLE AFTER: until all its pods run for good (a Kitchen: as many as it plans with what is left). WRITES in its namespace: by the',
    'operator + by Kubernetes’ controllers and scheduler, events and status too; those of kubelets and kubectl are left out.',
  ].join('\n');
}

function row(subject: SubjectResult, { seconds }: ScenarioResult): readonly string[] {
  const { operator, controlPlane } = subject.writes;
  return [
    subject.title,
    String(subject.pods),
    String(subject.least),
    subject.belowSeconds === 0 ? '-' : `${subject.belowSeconds} s`,
    subject.podSeconds === 0 ? '-' : String(Math.round(subject.podSeconds)),
    whole(subject, seconds),
    String(subject.made),
    `${operator} + ${controlPlane}`,
    Object.values(subject.zones).join(' '),
  ];
}

/** `1.9 s`, or `-` if no pod was ever missing. If pods were still missing at the end: for how long they had been. */
export function whole({ wholeSeconds }: SubjectResult, seconds: number): string {
  if (wholeSeconds === null) return `still short after ${Math.round(seconds)} s`;
  return wholeSeconds === 0 ? '-' : `${wholeSeconds} s`;
}
