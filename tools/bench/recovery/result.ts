/** What one event did to one subject. */
export interface SubjectResult {
  readonly name: string;
  readonly title: string;
  /** Pods it has when nothing is the matter. */
  readonly pods: number;
  /** Fewest pods that really ran at any moment. */
  readonly least: number;
  /** Pods missing below demand, summed over time. */
  readonly podSeconds: number;
  /** Time below demand. */
  readonly belowSeconds: number;
  /** From the event until all it wants run for good; null: not by the end. */
  readonly wholeSeconds: number | null;
  readonly made: number;
  /** Writes in its namespace from the event to the end. */
  readonly writes: { readonly operator: number; readonly controlPlane: number };
  /** Pods that really ran in each zone at the end. */
  readonly zones: Readonly<Record<string, number>>;
  /** Steps of what really ran: seconds since the event, pods. */
  readonly curve: readonly (readonly [number, number])[];
}

/** One event and what it did. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  /** How long was looked. */
  readonly seconds: number;
  readonly subjects: readonly SubjectResult[];
}

/** Everything that one run measured. */
export interface RecoveryResult {
  readonly measured: string;
  readonly commit: string;
  readonly kubernetes: string;
  readonly cores: number;
  readonly sideBySide: number;
  readonly podStartSeconds: number;
  readonly graceSeconds: number;
  readonly tolerationSeconds: number;
  readonly limitSeconds: number;
  readonly demand: number;
  readonly scenarios: readonly ScenarioResult[];
}
