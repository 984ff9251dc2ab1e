import { open, stat } from 'node:fs/promises';

/** A request, as the API server writes it to its audit log. */
export interface AuditLine {
  readonly verb: string;
  readonly userAgent?: string;
  readonly user?: { readonly username?: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

const verbs = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** The length of the log now, from which `writesIn` can begin later. */
export async function endOf(auditLog: string): Promise<number> {
  return (await stat(auditLog)).size;
}

/** The writes so far, in the order in which they ended. `from` is an earlier result of `endOf`. */
export async function writesIn(auditLog: string, from = 0): Promise<readonly AuditLine[]> {
  await using file = await open(auditLog);
  const found: AuditLine[] = [];
  for await (const line of file.readLines({ start: from, encoding: 'utf8' })) {
    // The last line may not be complete yet, and the first may begin before `from`.
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const request = JSON.parse(line) as AuditLine;
    if (verbs.has(request.verb)) found.push(readPartOf(request));
  }
  return found;
}

/** A line has many more fields, and there may be a hundred thousand lines. */
function readPartOf(line: AuditLine): AuditLine {
  const { verb, userAgent, user, objectRef, responseStatus, requestReceivedTimestamp } = line;
  return {
    verb,
    requestReceivedTimestamp,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(user?.username === undefined ? {} : { user: { username: user.username } }),
    ...(objectRef === undefined ? {} : { objectRef }),
    ...(responseStatus?.code === undefined ? {} : { responseStatus: { code: responseStatus.code } }),
  };
}

/** Whether the operator sent it. */
export function isOperators({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kitchen-operator');
}

/** Whether a controller of the control plane or the scheduler sent it. */
export function isControlPlanes({ userAgent = '' }: AuditLine): boolean {
  return userAgent.startsWith('kube-controller-manager') || userAgent.startsWith('kube-scheduler');
}
