import assert from 'node:assert/strict';
import { inspect, isDeepStrictEqual } from 'node:util';
import { nodes as allNodes, services } from '../../operator/api/kubernetes/resource.ts';
import type { Ref } from '../../operator/kube/path.ts';
import { kitchens, stations } from '../../operator/api/resources.ts';
import { aKitchen } from '../integration/operator/kitchens.ts';
import { openFaultStage } from './faultStage.ts';
import type { FaultStage } from './faultStage.ts';
import type { OperatorBehindProxy } from './operatorBehindProxy.ts';
import type { Disturbance, Play } from './faults.ts';
import { placeOf, plays, scenarios, specs } from './scenarios.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Figures, State, Tally } from './sight.ts';
import type { WriteKind } from './writes.ts';

/** What one scenario came to under one disturbance. */
interface Outcome {
  /** False: patience came to its end before. */
  readonly hasEnded: boolean;
  readonly state: State;
  /** Disturbances that did not come about. */
  readonly troubles: readonly string[];
  readonly least: number;
  /** Fewest that ran after it was whole again. */
  readonly leastAfter: number | undefined;
  readonly made: number;
}

/** Pods that may be made beyond those needed: a picture that is old for some seconds asks for some again. */
const surplusMax = 2;

/**
 * Plays every scenario under each disturbance, side by side: an operator, a proxy and a namespace for each. The first
 * disturbance is none: what comes of it then has to come of it always.
 */
export function playUnder(title: string, disturbances: readonly Disturbance[]): void {
  describe(title, function () {
    this.timeout(900_000);
    let faultStage: FaultStage;
    const operators = new Map<string, OperatorBehindProxy>();
    const outcomes = new Map<string, Outcome>();

    before(async () => {
      faultStage = await openFaultStage({ zones: 5, nodes: 1, graceSeconds: 16 });
      for (const zone of ['zone-a', 'zone-b']) await faultStage.stage.cluster.addNode(zone);
      for (const { id } of disturbances) operators.set(id, await faultStage.operator({ namespace: id }));
      await Promise.all(disturbances.map(({ id }) => setUp(id)));
      await Promise.all(disturbances.map(({ id }) => isReady(id)));
    });
    after(() => faultStage?.[Symbol.asyncDispose]());

    async function setUp(id: string): Promise<void> {
      await faultStage.namespace(id);
      operators.get(id)!.start();
      for (const [name, spec] of Object.entries(specs)) await faultStage.declare(id, aKitchen(`${name}-${id}`, spec));
    }

    /** Before anything happens all is as after it. */
    async function isReady(id: string): Promise<void> {
      const names = ['loss', 'drain', 'return'] as const;
      const figures = (): readonly Figures[] => names.map((name) => faultStage.sight.state(placeOf(name, id)).figures);
      const ends = names.map((name) => scenarios[name].end);
      if (await faultStage.until(() => isDeepStrictEqual(figures(), ends))) return;
      throw new Error(`${inspect(figures(), { depth: 4 })}
${await operators.get(id)!.story()}`);
    }

    /** Arms all disturbances, lets it happen, and waits for each to end. */
    async function play(names: readonly ScenarioName[], from: WriteKind | undefined, happen: () => Promise<unknown>) {
      const runs = disturbances.flatMap((each) =>
        names.map((name) => ({ id: each.id, name, tally: begin(name, each.id) })),
      );
      for (const { id, arm } of disturbances) {
        // What was armed for an earlier play would strike in the stead of what is armed now.
        operators.get(id)!.proxy.calm();
        arm(operators.get(id)!, playOf(id, names, from));
      }
      await happen();
      const ended = await Promise.all(
        runs.map(async ({ id, name, tally }) => {
          let later: Tally | undefined;
          const hasEnded = await faultStage.until(() => {
            if (!isDeepStrictEqual(faultStage.sight.state(placeOf(name, id)).figures, scenarios[name].end))
              return false;
            later ??= begin(name, id);
            return operators.get(id)!.troubles.length === 0;
          });
          return { id, name, tally, later, hasEnded };
        }),
      );
      // What is said follows what was done.
      const stateOf = (name: ScenarioName, id: string): State => faultStage.sight.state(placeOf(name, id));
      const isAsCalm = ({ id, name }: (typeof runs)[number]): boolean =>
        isDeepStrictEqual(stateOf(name, id), stateOf(name, disturbances[0]!.id));
      await faultStage.until(() => runs.every(isAsCalm));
      // Only when the last has ended: by then each has had time to show that it stays as it is.
      for (const { id, name, tally, later, hasEnded } of ended) {
        const { troubles } = operators.get(id)!;
        const state = stateOf(name, id);
        const outcome = {
          hasEnded,
          state,
          troubles,
          least: tally.least(),
          leastAfter: later?.least(),
          made: tally.made(),
        };
        outcomes.set(`${name} ${id}`, outcome);
      }
    }

    function begin(name: ScenarioName, id: string): Tally {
      return faultStage.sight.begin(placeOf(name, id));
    }

    function playOf(id: string, names: readonly ScenarioName[], from: WriteKind | undefined): Play {
      const scenes = names.map((name) => {
        const { kitchen, writes, nodes } = scenarios[name];
        return {
          kitchen: `${kitchen}-${id}`,
          writes,
          nodes,
          middle: writes.includes('grow') ? 'grow' : 'shrink',
        } as const;
      });
      const stir = (): Promise<void> => stirUp(id, scenes, from !== undefined);
      return { scenes, from, stir };
    }

    async function stirUp(id: string, scenes: Play['scenes'], isQuiet: boolean): Promise<void> {
      const { client } = faultStage.stage;
      const touch = async (at: Ref): Promise<void> =>
        void (await client.patch(at, { metadata: { annotations: { stirred: id } } }, { type: 'merge' }));
      // Of a loss that is soon made good a Kitchen's status says nothing, so no event of it would come.
      for (const { kitchen } of scenes) await touch({ resource: kitchens, namespace: id, name: kitchen });
      for (const { kitchen, nodes: names } of isQuiet ? scenes : []) {
        await touch({ resource: stations, namespace: id, name: `${kitchen}-grill` });
        for (const name of names) await touch({ resource: allNodes, name });
      }
      if (id !== 'drop-services') return;
      for (const { kitchen } of scenes)
        await client.remove({ resource: services, namespace: id, name: `${kitchen}-grill` });
    }

    for (const [names, from, happen] of plays()) {
      describe(names.map((name) => scenarios[name].title).join(', '), () => {
        before(() => play(names, from, () => happen(faultStage)));
        for (const name of names) {
          describe(scenarios[name].title, () => {
            for (const disturbance of disturbances) {
              it(disturbance.words, () => judge(name, disturbance));
            }
          });
        }
      });
    }

    async function judge(name: ScenarioName, { id }: Disturbance): Promise<void> {
      const outcome = outcomes.get(`${name} ${id}`)!;
      const { demand, floor, needed, end } = scenarios[name];
      try {
        assert.deepEqual(outcome.troubles, []);
        assert.deepEqual(outcome.state.figures, end);
        assert.ok(outcome.hasEnded, 'it took too long');
        const calm = outcomes.get(`${name} ${disturbances[0]!.id}`)!;
        assert.deepEqual(outcome.state, calm.state);
        assert.ok(outcome.least >= floor, `${outcome.least} ran, and ${floor} had to`);
        assert.ok(
          (outcome.leastAfter ?? 0) >= demand,
          `${outcome.leastAfter} ran after it was whole, and ${demand} had to`,
        );
        const most = needed + (id === 'undisturbed' ? 0 : surplusMax);
        assert.ok(outcome.made <= most, `${outcome.made} pods were made, and ${needed} were needed`);
      } catch (error) {
        throw new Error(`${String(error)}\n${await operators.get(id)!.story()}`, { cause: error });
      }
    }
  });
}
