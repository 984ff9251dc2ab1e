import { styleText } from 'node:util';
import { wordsOf } from '../../operator/apply/station/steps.ts';
import type { Simulation } from './command.ts';
import { served } from './scenario.ts';
import { happen } from './sim/events.ts';
import type { Event } from './sim/events.ts';
import type { SimNode } from './sim/objects.ts';
import type { Change } from './sim/server.ts';
import type { World } from './sim/world.ts';
import { inWords } from './words.ts';

/** Where lines go. */
export type Say = (line: string) => void;

interface Entry {
  readonly atMs: number;
  readonly look: Look;
  readonly text: string;
}

type Look = 'happened' | 'decided' | 'refused' | 'seen';

/** So fine the columns follow what happens. */
const SLICE_MS = 100;
/** So much of nothing but pods is gathered in one line. */
const GATHERED_MS = 1000;
/** Nothing goes on for longer than that. */
const LIMIT_MS = 4 * 3_600_000;

/** Plays a simulation and says line by line what happens, what the operator decides and why, and how many pods each zone has ready. */
export async function tell({ scenario, forMs }: Simulation, say: Say): Promise<void> {
  const world = await served(scenario);
  const story = new Story(world, say);
  story.begin();
  for (const { afterMs, event } of scenario.events) {
    await story.play(Math.min(afterMs, story.leftMs(forMs)));
    if (story.leftMs(forMs) <= 0) break;
    story.happens(event);
  }
  if (forMs === undefined) await story.playOut();
  else await story.play(story.leftMs(forMs));
  story.end();
}

class Story {
  readonly #world: World;
  readonly #say: Say;
  readonly #fromMs: number;
  readonly #entries: Entry[] = [];
  /** What each Node said last of being Ready. */
  readonly #ready: Map<string, SimNode['ready']>;
  #written: number;
  #problems: ReadonlySet<string> = new Set();
  #columns = '';
  #toldMs: number;

  constructor(world: World, say: Say) {
    this.#world = world;
    this.#say = say;
    this.#fromMs = world.agenda.nowMs;
    this.#toldMs = this.#fromMs;
    this.#written = world.operator.written.length;
    this.#ready = new Map(world.server.list('node').map(({ name, ready }) => [name, ready]));
    world.server.watch((change) => this.#see(change));
  }

  begin(): void {
    const { zones } = this.#world;
    const widths = zones.map((zone) => zone.padEnd(width(zone)));
    this.#say(styleText('dim', `${' '.repeat(9)}  ${widths.join('  ')}  pods ready/wanted`));
    this.#note('seen', `served: demand ${this.#world.demand}, ${this.#world.operator.lastPlan?.target ?? 0} wanted`);
    this.#tell();
  }

  end(): void {
    const { serving, leastServing } = this.#world.truth;
    this.#note('seen', `the end: ${serving} serve, at least ${leastServing} did, demand is ${this.#world.demand}`);
    this.#tell();
  }

  /** How much is left of so long from the beginning. */
  leftMs(forMs = Infinity): number {
    return this.#fromMs + forMs - this.#world.agenda.nowMs;
  }

  /** Lets it happen, and tells what was before. */
  happens(event: Event): void {
    this.#note('happened', inWords(event));
    this.#tell();
    happen(this.#world, event);
  }

  async play(ms: number): Promise<void> {
    const untilMs = this.#world.agenda.nowMs + ms;
    while (this.#world.agenda.nowMs < untilMs)
      await this.#slice(Math.min(SLICE_MS, untilMs - this.#world.agenda.nowMs));
  }

  async playOut(): Promise<void> {
    const sinceMs = this.#world.agenda.nowMs;
    while (this.#world.quietInMs(sinceMs) > 0) {
      if (this.leftMs(LIMIT_MS) < 0) throw new Error(`it does not end: still changing ${LIMIT_MS / 3_600_000} h later`);
      await this.#slice(SLICE_MS);
    }
  }

  async #slice(ms: number): Promise<void> {
    await this.#world.run(ms);
    // A death changes what serves although nobody has heard of it yet.
    this.#world.truth.look();
    const { operator, agenda } = this.#world;
    for (const { atMs, step, done } of operator.written.slice(this.#written)) {
      const text = `${wordsOf(step)}: ${step.why}`;
      this.#entries.push({ atMs, look: done ? 'decided' : 'refused', text: done ? text : `not done: ${text}` });
    }
    this.#written = operator.written.length;
    this.#noteProblems();
    if (this.#entries.length > 0) this.#tell();
    else if (agenda.nowMs - this.#toldMs >= GATHERED_MS && this.#columnsNow() !== this.#columns) this.#tell();
  }

  #see(change: Change): void {
    if (change.kind !== 'node') return;
    const { name, ready } = change.object;
    const before = this.#ready.get(name);
    this.#ready.set(name, ready);
    if (change.gone) this.#note('seen', `Node ${name} is gone`);
    else if (before !== ready) this.#note('seen', readyWords[ready](name));
  }

  #note(look: Look, text: string): void {
    this.#entries.push({ atMs: this.#world.agenda.nowMs, look, text });
  }

  /** What people are told of, when it is new. */
  #noteProblems(): void {
    const told = new Set(this.#world.operator.lastPlan?.problems.map(({ kind, message }) => `${kind}: ${message}`));
    const kinds = new Set([...this.#problems].map(kindOf));
    for (const problem of told) if (!kinds.has(kindOf(problem))) this.#note('refused', problem);
    this.#problems = told;
  }

  #tell(): void {
    const { agenda } = this.#world;
    this.#columns = this.#columnsNow();
    this.#toldMs = agenda.nowMs;
    const entries = this.#entries.splice(0);
    const lines = entries.length > 0 ? entries : [{ atMs: agenda.nowMs, look: 'seen', text: 'pods changed' } as const];
    for (const { atMs, look, text } of lines) {
      const seconds = ((atMs - this.#fromMs) / 1000).toFixed(1).padStart(7);
      this.#say(`${seconds} s  ${this.#columns}  ${marks[look]} ${styled(look, text)}`);
    }
  }

  #columnsNow(): string {
    const targets = new Map<string, number>(this.#world.operator.lastPlan?.zoneTargets);
    return this.#world.zones
      .map((zone) => {
        const [ready, wanted] = [this.#world.servingIn(zone), targets.get(zone) ?? 0];
        const text = `${ready}/${wanted}`.padEnd(width(zone));
        return ready < wanted ? styleText('yellow', text) : text;
      })
      .join('  ');
  }
}

const marks: Readonly<Record<Look, string>> = { happened: '▶', decided: '→', refused: '!', seen: '·' };

const readyWords: Readonly<Record<SimNode['ready'], (node: string) => string>> = {
  True: (node) => `Node ${node} is Ready`,
  False: (node) => `Node ${node} is not Ready`,
  Unknown: (node) => `Node ${node} is not heard any more: it counts as lost`,
};

function kindOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':'));
}

function width(zone: string): number {
  return Math.max(zone.length, 5);
}

function styled(look: Look, text: string): string {
  switch (look) {
    case 'happened':
      return styleText('bold', text);
    case 'decided':
      return styleText('green', text);
    case 'refused':
      return styleText('yellow', text);
    case 'seen':
      break;
  }
  return styleText('dim', text);
}
