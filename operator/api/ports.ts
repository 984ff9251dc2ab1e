import * as z from 'zod';
import { boundedCount } from './object.ts';
import { withRules } from './rules.ts';

const PORT_NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const APP_PROTOCOL = '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$';
const portName = new RegExp(PORT_NAME);
// The rule of the API server for container ports: at least one letter, no two dashes together.
const targetName = /^([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const appProtocol = new RegExp(APP_PROTOCOL);

const name = withRules(z.string().min(1).max(63), [
  {
    cel: `self.matches('${PORT_NAME}')`,
    holds: (value) => portName.test(value),
    message: "the name of a port must be lower-case letters, digits and '-', such as http",
  },
]);

const targetAdvice = "targetPort must be a number from 1 to 65535 or the name of a container's port, such as http";

// Bounds and pattern instead of a CEL rule: the API server estimates a rule's cost as if the text had no bound.
/** A port of a pod, by number or by name. */
export const targetPort = z
  .union([boundedCount(1, 65535), z.string().min(1).max(15).regex(targetName, { error: targetAdvice })], {
    error: targetAdvice,
  })
  .meta({ 'x-kubernetes-int-or-string': true });

const protocolName = withRules(z.string().min(1).max(253), [
  {
    cel: `self.matches('${APP_PROTOCOL}')`,
    holds: (value) => appProtocol.test(value),
    message: 'appProtocol must be a name such as http or kubernetes.io/h2c',
  },
]);

const port = z.strictObject({
  name: name.optional().describe('Name of the port in the Service; needed when there is more than one.'),
  port: boundedCount(1, 65535).describe('Port of the Service.'),
  targetPort: targetPort.optional().describe("Number or name of the pods' port. Default: the same as port."),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
  appProtocol: protocolName.optional().describe("Hint at the application's protocol, as in a Service."),
});

/** The ports of a station's Service. */
export const portList = withRules(z.array(port).max(16), [
  {
    cel: 'size(self) <= 1 || self.all(port, has(port.name))',
    holds: (ports) => ports.length <= 1 || ports.every((one) => one.name !== undefined),
    message: 'each port needs a name when there is more than one',
  },
  {
    cel: 'self.all(port, !has(port.name) || self.exists_one(other, has(other.name) && other.name == port.name))',
    holds: (ports) => allDifferent(ports.flatMap((one) => one.name ?? [])),
    message: 'port names must differ from each other: rename one of the two',
  },
  {
    cel: 'self.all(port, self.exists_one(other, other.port == port.port && other.protocol == port.protocol))',
    holds: (ports) => allDifferent(ports.map((one) => `${one.port}/${one.protocol}`)),
    message: 'no two ports may have the same port and protocol: change or remove one of the two',
  },
]).meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'protocol'] });

function allDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
