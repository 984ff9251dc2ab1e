/**
 * Why an Envoy refuses a resource, out of what it says. Where a field breaks a rule of the schema, Envoy says the whole
 * resource first and the reason last, and ends the message after 4 KiB.
 */
export function refusalReason(message: string): string {
  const last = /\n: ([^\n]+)$/.exec(message)?.[1];
  if (last !== undefined) return last;
  return message.endsWith('(truncated)') ? 'Envoy cut the reason off; the log of the hub has it in full' : message;
}
