/** Why a container does not start. */
export interface StuckContainer {
  readonly reason: string;
  readonly message: string;
  /** False: it is between two crashes, and runs or has just ended. */
  readonly isWaiting: boolean;
}

/** `initContainerStatuses` and `containerStatuses` of a pod, as far as they tell why it does not start. */
export interface RawContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: RawContainerState;
  readonly lastState?: RawContainerState;
}

interface RawContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly exitCode?: number; readonly reason?: string; readonly message?: string };
}

/** * Reasons that seldom pass with time (kubernetes: pkg/kubelet/container/sync_result.go, pkg/kubelet/images/types.go). */
const stuckReasons = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'ImageInspectError',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'CreateContainerConfigError',
  'CreateContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
  'RunContainerError',
  'StartError',
]);

/** The first container that waits for such a reason; without one, the first that is between two crashes. */
export function stuckContainer(statuses: readonly RawContainerStatus[]): StuckContainer | undefined {
  return firstOf(statuses, waitingOf) ?? firstOf(statuses, crashedOf);
}

function waitingOf({ state }: RawContainerStatus): StuckContainer | undefined {
  const { reason = '', message = '' } = state?.waiting ?? {};
  return stuckReasons.has(reason) ? { reason, message, isWaiting: true } : undefined;
}

function crashedOf({
  name,
  ready,
  restartCount = 0,
  state,
  lastState,
}: RawContainerStatus): StuckContainer | undefined {
  const end = state?.terminated ?? (restartCount > 0 && ready !== true ? lastState?.terminated : undefined);
  if (end === undefined || (end.exitCode ?? 0) === 0) return undefined;
  const words = end.message === undefined ? '' : `: ${end.message}`;
  return {
    reason: 'CrashLoopBackOff',
    message: `container ${name} exited with code ${end.exitCode}${words}`,
    isWaiting: false,
  };
}

function firstOf(
  statuses: readonly RawContainerStatus[],
  look: (status: RawContainerStatus) => StuckContainer | undefined,
): StuckContainer | undefined {
  for (const status of statuses) {
    const stuck = look(status);
    if (stuck !== undefined) return stuck;
  }
  return undefined;
}
