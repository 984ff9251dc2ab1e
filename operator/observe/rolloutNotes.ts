import { annotations } from '../api/labels.ts';
import type { Beyond, GoodTemplate } from '../model/child.ts';

/** What a Deployment's annotations tell about its rollouts. */
export interface RolloutNotes {
  readonly revision: string | undefined;
  readonly good: GoodTemplate | undefined;
  readonly badTemplate: string | undefined;
  readonly failure: string | undefined;
  readonly evened: string | undefined;
}

/** Set by Kubernetes: counts the templates that a Deployment has run. */
const REVISION = 'deployment.kubernetes.io/revision';

/** Reads the notes on a Deployment; one that a person broke counts as missing. */
export function rolloutNotes(noted: Readonly<Record<string, string>>): RolloutNotes {
  const text = (key: string): string | undefined => (noted[key] === '' ? undefined : noted[key]);
  return {
    revision: text(REVISION),
    good: goodTemplateIn(noted[annotations.goodTemplate]),
    badTemplate: text(annotations.badTemplate),
    failure: text(annotations.failure),
    evened: text(annotations.evened),
  };
}

function goodTemplateIn(json: string | undefined): GoodTemplate | undefined {
  const { revision, hash, defaults, replicaSet, isProven, beyond } = objectIn(json);
  const isWhole =
    isText(revision) && isText(hash) && isText(defaults) && isText(replicaSet) && revision !== '' && hash !== '';
  const asked = beyondIn(beyond);
  const noted = asked === undefined ? {} : { beyond: asked };
  return isWhole ? { revision, hash, defaults, replicaSet, isProven: isProven === true, ...noted } : undefined;
}

function beyondIn(value: unknown): Beyond | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const amounts = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return amounts.length === 0 ? undefined : Object.fromEntries(amounts);
}

function objectIn(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(json ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
