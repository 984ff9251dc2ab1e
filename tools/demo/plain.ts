import type { DeclaredStation } from '../../operator/api/kitchen.ts';
import { PLAIN } from './look.ts';

/** The Deployment that somebody without the operator would write for the same station: same pods, same demand, all defaults. */
export function plainDeployment({ replicas, template }: DeclaredStation): object {
  const labels = { app: PLAIN };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: PLAIN },
    spec: { replicas, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
  };
}
