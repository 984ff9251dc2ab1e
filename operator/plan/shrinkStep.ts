import type { Picture, ZonePicture } from './picture.ts';
import type { PodView } from '../observe/snapshot.ts';
import type { Step } from './plan.ts';
import { deploymentIntent } from './children/deployment.ts';
import { onlyIf } from './children/intent.ts';

/** The write that lowers a zone's count, refused by the API server when the Deployment is not as it was when this was decided. */
export function shrinkStep(
  picture: Picture,
  shrink: {
    readonly zone: ZonePicture;
    readonly to: number;
    readonly victims: readonly PodView[];
    readonly why: string;
  },
): Step {
  const { zone, to, victims, why } = shrink;
  const intent = deploymentIntent(picture.snapshot, zone.view, { replicas: to, template: 'asItRuns' });
  const resourceVersion = zone.deployment?.resourceVersion ?? '';
  return {
    kind: 'shrink',
    zone: zone.name,
    intent: onlyIf(resourceVersion, intent),
    from: zone.replicas,
    to,
    victims: victims.map((pod) => pod.uid),
    why,
  };
}
