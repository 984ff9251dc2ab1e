import type { RecoveryResult } from './result.ts';

export function recoveryPicture(result: RecoveryResult): string {
  return JSON.stringify(result);
}
