import { labels } from '../../operator/api/labels.ts';
import type { KubeObject } from '../../operator/api/kubernetes/object.ts';
import { isReady } from '../../tools/cluster/nodes.ts';
import type { PodObject } from '../../tools/cluster/nodes.ts';
import type { OperatorBehindProxy } from './operatorBehindProxy.ts';
import type { FedEvent } from './feed.ts';
import type { Fault } from './rules.ts';
import type { WriteKind } from './writes.ts';

/** A scenario as a disturbance knows it. */
export interface Scene {
  /** Its station is `<kitchen>-grill`. */
  readonly kitchen: string;
  /** Writes that the operator makes in it, each at least once. */
  readonly writes: readonly WriteKind[];
  /** The write that is its turning point. */
  readonly middle: WriteKind;
  /** Nodes that die, are drained or come back. */
  readonly nodes: readonly string[];
}

/** Scenarios that are played at once, and how a disturbance of all of them begins. */
export interface Play {
  readonly scenes: readonly Scene[];
  /** The write with which it becomes interesting; undefined: at once. */
  readonly from: WriteKind | undefined;
  /** As administrator: makes the Services go, and changes nodes, Kitchens and Stations in a way that means nothing. */
  readonly stir: () => Promise<void>;
}

/** Something that goes wrong between an operator and the API server. */
export interface Disturbance {
  /** The namespace it is played in. */
  readonly id: string;
  readonly words: string;
  /** Sets it up, right before the scenarios begin. */
  readonly arm: (operator: OperatorBehindProxy, play: Play) => void;
}

/** How long the operator sees what is no more. */
const staleMs = 6_000;
/** How long after the last event was dropped everything is listed again: till then they are missed. */
const relistMs = 6_000;
const cutMs = 30_000;

const crashWrites = ['reserve', 'grow', 'cost', 'shrink', 'release', 'status'] as const;
const undisturbed: Disturbance = { id: 'undisturbed', words: 'nothing goes wrong', arm: () => undefined };

/** An operator that dies; the first disturbance is none. */
export const crashes: readonly Disturbance[] = [
  undisturbed,
  ...crashWrites.flatMap((write) => [crash(write, 'answered'), crash(write, 'unheard')]),
  timeTravel(),
];

/** An operator that lives and hears and says less than it should; the first disturbance is none. */
export const interferences: readonly Disturbance[] = [
  undisturbed,
  drop('pods', (scene, { object }) => isOf(scene, object) && isReady(object as unknown as PodObject)),
  drop('deployments', (scene, { object }) => isOf(scene, object)),
  drop('nodes', ({ nodes }, { object }) => nodes.includes(object.metadata.name ?? '')),
  drop('poddisruptionbudgets', (scene, { object }) => isOf(scene, object)),
  drop('endpointslices', (scene, { object }) => isOf(scene, object)),
  drop('stations', (scene, { object }) => isOf(scene, object)),
  drop('kitchens', ({ kitchen }, { object }) => object.metadata.name === kitchen),
  drop('services', (scene, { object, type }) => isOf(scene, object) && type === 'DELETED'),
  stale('pods'),
  stale('nodes'),
  stale('deployments'),
  stale('poddisruptionbudgets'),
  sprinkled('busy', '429 or 503 for every other write', (strike) =>
    strike % 2 === 0 ? { kind: 'answer', status: 429, retryAfterSeconds: 1 } : { kind: 'answer', status: 503 },
  ),
  sprinkled('resets', 'every other write reset before or after it is done, and all watches with it', (strike) => ({
    kind: 'reset',
    when: strike % 2 === 0 ? 'after' : 'before',
  })),
  slow(),
  cutAtOnce(),
  cutInTheMiddle(),
  clockGoesBack(),
];

/** Killed when it has heard of its write, and may have begun the next thing, or when nothing of it came back. */
function crash(write: WriteKind, form: 'answered' | 'unheard'): Disturbance {
  const when = form === 'answered' ? 'was answered' : 'was done, before the answer';
  return {
    id: `${write}-${form}`,
    words: `a crash when its ${write} ${when}`,
    arm: (operator, { scenes }) => {
      const meant = scenes.filter(({ writes }) => writes.includes(write));
      if (meant.length === 0) return;
      // On a machine so busy that two crashes come together, the second may leave nothing to be written a second time.
      const over = operator.trouble(`a crash after ${write}`);
      for (const { kitchen } of meant) {
        const fault: Fault = form === 'answered' ? { kind: 'pass' } : { kind: 'reset', when: 'after' };
        const done = (): void => {
          if (form === 'unheard') operator.proxy.cut();
          void operator.crash(() => operator.proxy.mend()).then(over);
        };
        operator.proxy.rule({ which: { write, name: new RegExp(`^${kitchen}-`) }, fault: () => fault, done });
      }
    },
  };
}

function drop(resource: string, which: (scene: Scene, event: FedEvent) => boolean): Disturbance {
  return {
    id: `drop-${resource}`,
    words: `an event of ${resource} that is never told`,
    arm: (operator, play) =>
      begin(operator, play, () => {
        const overs: (() => void)[] = [];
        const relist = (): void => {
          operator.proxy.expire(resource);
          for (const over of overs) over();
        };
        for (const scene of play.scenes) {
          const over = operator.trouble(`the dropped event of ${resource} in ${scene.kitchen}`);
          const done = (): void => {
            // A list tells all that has happened: one before the last drop would leave nothing to be dropped.
            if (overs.push(over) === play.scenes.length) after(relistMs, relist);
          };
          operator.proxy.drop({ resource, which: (event) => which(scene, event), done });
        }
      }),
  };
}

function stale(resource: string): Disturbance {
  return {
    id: `stale-${resource}`,
    words: `${resource} as they were ${staleMs / 1000} s ago`,
    arm: (operator, play) =>
      begin(operator, play, () => {
        const over = operator.trouble(`the stale view of ${resource}`);
        operator.proxy.hold(resource, () => {
          after(staleMs, () => {
            operator.proxy.release(resource);
            over();
          });
        });
      }),
  };
}

/** After a crash the new operator is told an older state than the dead one had seen. */
function timeTravel(): Disturbance {
  const resources = ['pods', 'deployments', 'poddisruptionbudgets', 'nodes', 'stations'];
  return {
    id: 'time-travel',
    words: 'a crash after which all lists are old',
    arm: (operator, play) => {
      const { proxy } = operator;
      begin(operator, play, () => void Promise.all(resources.map((each) => proxy.picture(each))));
      const over = operator.trouble('the travel in time');
      const [middle] = play.scenes.map((scene) => scene.middle);
      const done = (): void => {
        for (const each of resources) proxy.freeze(each);
        const thaw = (): void => {
          for (const each of resources) proxy.thaw(each);
          over();
        };
        void operator.crash(() => after(staleMs, thaw));
      };
      proxy.rule({ which: { write: middle ?? 'grow' }, fault: () => ({ kind: 'pass' }), done });
    },
  };
}

function sprinkled(id: string, words: string, fault: (strike: number) => Fault): Disturbance {
  return {
    id,
    words,
    arm: (operator, play) => {
      const over = operator.trouble(words);
      const done = (): void => {
        over();
        if (id === 'resets') operator.proxy.resetWatches();
      };
      begin(operator, play, () =>
        operator.proxy.rule({ which: { write: 'any' }, every: 2, times: Infinity, fault, done }),
      );
    },
  };
}

function slow(): Disturbance {
  return {
    id: 'slow',
    words: 'a third of a second for every answer',
    arm: (operator, play) =>
      begin(operator, play, () => {
        operator.proxy.rule({ which: {}, times: Infinity, fault: () => ({ kind: 'delay', ms: 333 }) });
      }),
  };
}

function cutAtOnce(): Disturbance {
  return {
    id: 'cut-at-once',
    words: `the API server out of reach when it begins, for ${cutMs / 1000} s`,
    arm: (operator, play) => begin(operator, play, () => cut(operator, operator.trouble('the cut'))),
  };
}

function cutInTheMiddle(): Disturbance {
  return {
    id: 'cut-in-the-middle',
    words: `the API server out of reach in the middle of it, for ${cutMs / 1000} s`,
    arm: (operator, { scenes }) => {
      const over = operator.trouble('the cut');
      const [middle] = scenes.map((scene) => scene.middle);
      const fault = (): Fault => ({ kind: 'pass' });
      operator.proxy.rule({ which: { write: middle ?? 'grow' }, fault, done: () => cut(operator, over) });
    },
  };
}

function clockGoesBack(): Disturbance {
  return {
    id: 'clock',
    words: 'the operator’s clock set back by an hour',
    arm: (operator, play) => begin(operator, play, () => operator.signal('SIGUSR2')),
  };
}

function cut(operator: OperatorBehindProxy, over: () => void): void {
  operator.proxy.cut();
  after(cutMs, () => {
    operator.proxy.mend();
    over();
  });
}

/** At once, or with the write that the play names; then everything is stirred. */
function begin({ proxy, trouble }: OperatorBehindProxy, { from, stir, scenes }: Play, act: () => void): void {
  if (from === undefined) {
    act();
    void stir();
    return;
  }
  const over = trouble(`the first ${from}`);
  const kitchens = scenes.map(({ kitchen }) => kitchen).join('|');
  const done = (): void => {
    act();
    over();
    void stir();
  };
  proxy.rule({ which: { write: from, name: new RegExp(`^(${kitchens})-`) }, fault: () => ({ kind: 'pass' }), done });
}

function after(ms: number, act: () => void): void {
  setTimeout(act, ms);
}

function isOf({ kitchen }: Scene, { metadata }: KubeObject): boolean {
  return metadata.labels?.[labels.kitchen] === kitchen;
}
