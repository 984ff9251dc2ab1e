import { readFile } from 'node:fs/promises';

/** A request as the API server's audit log has it. */
export interface AuditLine {
  readonly verb: string;
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestReceivedTimestamp: string;
}

const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** The writes so far, oldest first. */
export async function writesIn(auditLog: string): Promise<readonly AuditLine[]> {
  const lines = (await readFile(auditLog, 'utf8')).split('\n').filter((line) => line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as AuditLine).filter(({ verb }) => writes.has(verb));
}

/** Whether the operator sent it. */
export function isOperators({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kitchen-operator');
}

/** Whether one of the control plane's own controllers, or the scheduler, sent it. */
export function isControlPlanes({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kube-controller-manager') || userAgent.startsWith('kube-scheduler');
}
