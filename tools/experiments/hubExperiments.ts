import { setTimeout as pause } from 'node:timers/promises';
import { HUB_DAEMON_SET } from '../../operator/api/hub.ts';
import { release } from '../generate/helm.ts';
import { RunError } from '../image/run.ts';
import { loadedNode } from './objects.ts';
import type { Experiment } from './experiments.ts';
import type { Stage } from './stage.ts';

const inOwn = ['--namespace', release.namespace];
const hangMs = 20_000;
/** One a second: the kubelet's third wait is 40 s. */
const TRIES_MOST = 120;

/** What is done to the hubs themselves, or to the way through them. The load asks the hub of its own node. */
export const hubExperiments = {
  'leave-hubs': {
    title: () => 'a Kitchen leaves the hubs, and comes back to them',
    needsHub: true,
    isVoluntary: true,
    happens: async (stage) => {
      await stage.setHub(false);
      await stage.until('requests reach the pods directly', ({ isBehindHub }) => !isBehindHub);
      await pause(10_000, undefined, { signal: stage.signal });
      await backBehindHubs(stage);
    },
    ends: () => Promise.resolve(),
  },
  'kill-envoy': {
    title: () => 'one of the two Envoys of a hub is killed, three times',
    needsHub: true,
    isVoluntary: false,
    happens: async (stage) => {
      for (let times = 0; times < 3; times += 1) {
        await killWhenThere(stage, 'envoy-1');
      }
    },
    ends: hubsReady,
  },
  'delete-hub': {
    title: () => 'the pod of a hub is deleted without grace',
    needsHub: true,
    isVoluntary: false,
    happens: async (stage) => {
      const own = ['--field-selector', `spec.nodeName=${loadedNode(stage.cluster)}`];
      const force = ['--grace-period=0', '--force'];
      await stage.kubectl([
        'delete',
        'pods',
        '--selector',
        'app.kubernetes.io/component=hub',
        ...own,
        ...inOwn,
        ...force,
      ]);
      await hubsReady(stage);
    },
    ends: () => Promise.resolve(),
  },
  'freeze-hub': {
    title: () => `both Envoys of a hub hang for ${hangMs / 1000} s`,
    needsHub: true,
    isVoluntary: false,
    happens: async (stage) => {
      await signalEnvoys(stage, 'STOP');
      await pause(hangMs, undefined, { signal: stage.signal });
      await signalEnvoys(stage, 'CONT');
    },
    ends: async (stage) => {
      await signalEnvoys(stage, 'CONT');
      await hubsReady(stage);
    },
  },
  'roll-hubs': {
    title: () => 'all hubs are replaced, as by an upgrade',
    needsHub: true,
    isVoluntary: true,
    happens: async (stage) => {
      await stage.kubectl(['rollout', 'restart', `daemonset/${HUB_DAEMON_SET}`, ...inOwn]);
      await hubsReady(stage);
    },
    ends: () => Promise.resolve(),
  },
  uninstall: {
    title: () => 'the operator and its hubs are uninstalled',
    needsHub: true,
    isVoluntary: true,
    happens: (stage) => stage.uninstall(),
    ends: async (stage) => {
      await stage.install();
      await backBehindHubs(stage);
    },
  },
} as const satisfies Readonly<Record<string, Experiment>>;

async function backBehindHubs(stage: Stage): Promise<void> {
  await stage.setHub(true);
  await stage.until('requests reach the Kitchen through hubs', ({ isBehindHub }) => isBehindHub);
}

/** Signals Envoys on the node that the load runs on: all of its hub, or the one of this name. */
async function signalEnvoys(stage: Stage, signal: 'KILL' | 'STOP' | 'CONT', name = 'envoy-'): Promise<void> {
  await stage.docker('exec', loadedNode(stage.cluster), 'pkill', `-${signal}`, '--full', `service-node .*/${name}`);
}

/** After the first time, the kubelet waits longer and longer before it starts an Envoy again. */
async function killWhenThere(stage: Stage, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await signalEnvoys(stage, 'KILL', name);
    } catch (error) {
      // There is no such process.
      if (!(error instanceof RunError) || error.code !== 1 || tries === TRIES_MOST) throw error;
    }
    await pause(1_000, undefined, { signal: stage.signal });
  }
}

async function hubsReady(stage: Stage): Promise<void> {
  await stage.kubectl(['rollout', 'status', `daemonset/${HUB_DAEMON_SET}`, ...inOwn, '--timeout=180s']);
}
