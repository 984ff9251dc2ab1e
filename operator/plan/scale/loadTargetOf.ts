/*
 * Target: what one pod is to carry of a metric, from what the station declares and what its pods request.
 *
 * Utilization is a share of what the containers of a pod request together, as in an HPA, of the template that is declared
 * now. So demand is the total over what one pod of that template is to use.
 */
import { declaredPorts } from '../../api/containerPorts.ts';
import { quantityOf } from '../../api/kubernetes/quantity.ts';
import type { PodTemplate } from '../../api/podtemplate.ts';
import { requestedTogether } from '../../api/requests.ts';
import type { ScaleMetric } from '../../api/scale.ts';
import { printFigure } from './printFigure.ts';
import type { LoadUnit } from './printFigure.ts';

/** What one pod is to carry, or why that cannot be told, with the cure. */
export type LoadTarget =
  | { readonly each: number; readonly words: string; readonly unit: LoadUnit }
  | { readonly each?: undefined; readonly problem: string };

/** A metric's own name. */
export function metricNameOf({ hub, pods, resource, external }: ScaleMetric): string {
  if (hub !== undefined) return hub.metric === 'inFlight' ? 'requests in flight' : 'requests a second';
  return resource?.name ?? pods?.metric.name ?? external?.metric.name ?? '';
}

/** What one pod is to carry of a metric. */
export function loadTargetOf(metric: ScaleMetric, template: PodTemplate): LoadTarget {
  const { hub, pods, resource, external } = metric;
  if (resource !== undefined) return resourceTargetOf(resource, template);
  const averageValue = (hub ?? pods ?? external)?.target.averageValue;
  if (pods !== undefined) {
    if (template.spec.hostNetwork === true) return { problem: OF_THE_NODE };
    if (!isDeclared(pods.port, template)) {
      const problem = `no container of the template has a TCP port ${pods.port}: declare it in its ports, or name one that is there`;
      return { problem };
    }
  }
  return average(averageValue, '');
}

const OF_THE_NODE =
  'with hostNetwork the address of a pod is that of its node, which the operator does not ask: use another metric';

function resourceTargetOf(
  { name, target: { averageUtilization, averageValue } }: NonNullable<ScaleMetric['resource']>,
  template: PodTemplate,
): LoadTarget {
  if (averageUtilization === undefined) return average(averageValue, 'cores');
  const requested = requestedTogether(template, name);
  if (requested === 0) {
    return {
      problem: `no container of the template requests ${name}: give it a request, or use a target of type AverageValue`,
    };
  }
  const words = `${averageUtilization} % of ${printFigure(requested, 'cores')}`;
  return { each: (requested * averageUtilization) / 100, words, unit: 'cores' };
}

function average(averageValue: string | number | undefined, unit: LoadUnit): LoadTarget {
  const each = quantityOf(averageValue);
  return { each, words: printFigure(each, unit), unit };
}

/** Whether a container of the template declares a port, by its name or number. */
function isDeclared(port: string | number, { spec }: PodTemplate): boolean {
  const isIt = (each: string): boolean =>
    typeof port === 'number' ? each.endsWith(`:${port}/TCP`) : each.startsWith(`${port}:`) && each.endsWith('/TCP');
  return declaredPorts(spec).split(' ').some(isIt);
}
