import type { DeclaredStation } from '../../operator/api/kitchen.ts';
import { PLAIN } from './look.ts';

/** The Deployment that one would write without the operator: same pods and demand as the station, and all defaults. */
export function plainDeployment({ replicas, template }: DeclaredStation): object {
  const labels = { app: PLAIN };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: PLAIN },
    spec: { replicas, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
  };
}
