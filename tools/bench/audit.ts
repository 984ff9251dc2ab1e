import { open, stat } from 'node:fs/promises';

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

/** Where the log ends now: for `writesIn`, to begin there. */
export async function endOf(auditLog: string): Promise<number> {
  return (await stat(auditLog)).size;
}

/** The writes so far, in the order in which they ended; of all or from where the log once ended. */
export async function writesIn(auditLog: string, from = 0): Promise<readonly AuditLine[]> {
  await using file = await open(auditLog);
  const found: AuditLine[] = [];
  for await (const line of file.readLines({ start: from, encoding: 'utf8' })) {
    // The last line may not be whole yet, and the first may have been begun before.
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const request = JSON.parse(line) as AuditLine;
    if (writes.has(request.verb)) found.push(request);
  }
  return found;
}

/** Whether the operator sent it. */
export function isOperators({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kitchen-operator');
}

/** Whether one of the control plane's own controllers, or the scheduler, sent it. */
export function isControlPlanes({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kube-controller-manager') || userAgent.startsWith('kube-scheduler');
}
