import { barGroups } from '../barGroups.ts';
import type { Bar } from '../barGroups.ts';
import { caseNames, cases } from './cases.ts';
import { policies, policyNames } from './policies.ts';
import type { PolicyName } from './policies.ts';
import type { ChoosingResult, ChoosingRow } from './result.ts';

const colours = {
  hub: ['#0969da', '#4493f8'],
  home: ['#1a7f37', '#3fb950'],
  p2c: ['#8250df', '#ab7df8'],
  random: ['#cf222e', '#f85149'],
  'same-zone': ['#b87500', '#e3b341'],
  'zone-aware': ['#59636e', '#8b949e'],
} as const satisfies Readonly<Record<PolicyName, readonly [string, string]>>;

/** Draws how long the slowest hundredth took: a group for each case, a bar for each policy, those of the fewest hubs. */
export function choosingPicture({ rows }: ChoosingResult): string {
  const fewest = Math.min(...rows.map(({ hubs }) => hubs));
  const groups = caseNames.flatMap((name) => {
    const own = rows.filter((row) => row.case === name && row.hubs === fewest);
    const bars = policyNames.flatMap((who) => own.filter((row) => row.who === who).map(barOf));
    return bars.length === 0 ? [] : [{ heading: cases[name].words, bars }];
  });
  return barGroups({ title: 'The slowest hundredth of the requests, by load and by who chooses', colours, groups });
}

function barOf({ who, p99Ms, crossPercent, failed }: ChoosingRow): Bar {
  const fails = failed === 0 ? '' : `, ${failed} failed`;
  const text = `${p99Ms ?? '-'} ms, ${Math.round(crossPercent)} % to other zones${fails}: ${policies[who].words}`;
  return { colour: who, value: p99Ms ?? 0, text };
}
