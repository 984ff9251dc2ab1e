import type { Step } from '../../../operator/model/plan.ts';
import { Told } from './told.ts';
import type { World } from './world.ts';

/** Finds out whether a zone's number goes back and forth although nothing happens. */
export interface Swings {
  /** Something happened: from here on numbers may move again. */
  readonly happened: () => void;
  /** Zones that grew, shrank and grew again while nothing happened, in words. */
  readonly found: () => readonly string[];
}

/** Follows the operator's steps from now on; a change of a node or of the Station counts as something that happened. */
export function watchSwings(world: World): Swings {
  const happenedMs: number[] = [];
  const fromMs = world.agenda.nowMs;
  const happened = (): void => void happenedMs.push(world.agenda.nowMs);
  const told = new Told();
  world.server.watch((change) => {
    if (!told.isOnlyWords(change) && (change.kind === 'node' || change.kind === 'station')) happened();
  });
  const found = (): readonly string[] => {
    const steps = world.operator.written.filter(({ atMs, done }) => done && atMs > fromMs);
    const spells = Map.groupBy(steps, ({ atMs }) => happenedMs.filter((ms) => ms <= atMs).length);
    return [...spells.values()].flatMap((spell) => swingsIn(spell.map(({ step }) => step)));
  };
  return { happened, found };
}

function swingsIn(steps: readonly Step[]): readonly string[] {
  const paths = new Map<string, string>();
  const handedOver = new Set<string>();
  const found: string[] = [];
  for (const step of steps) {
    // Evening out grows on purpose what Shrink then takes.
    if (step.kind === 'evenOut') paths.delete(step.zone);
    if (step.kind !== 'grow' && step.kind !== 'shrink') continue;
    const path = `${paths.get(step.zone) ?? ''}${step.kind === 'grow' ? '+' : '-'}`.replaceAll(/(.)\1+/g, '$1');
    paths.set(step.zone, path);
    // A hand-over takes pods without room along with the owed ones, and growing puts them back: once.
    if (isHandOver(step) && !handedOver.has(step.zone)) {
      handedOver.add(step.zone);
      paths.delete(step.zone);
    }
    if (path.endsWith('+-+')) found.push(`${step.zone} grew, shrank and grew again, to ${step.to}: ${step.why}`);
  }
  return found;
}

function isHandOver(step: Step): boolean {
  return step.kind === 'shrink' && step.why.includes('will not stay');
}
