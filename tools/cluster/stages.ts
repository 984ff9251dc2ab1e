import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deadNodeIp } from './components.ts';

/** kwok's configuration: its options and our stages, with the pod start-up time filled in. */
export async function kwokConfig(podStartMs: number): Promise<string> {
  const stages = await readFile(join(import.meta.dirname, 'stages.yaml'), 'utf8');
  return stages.replaceAll('$POD_START_MS', String(podStartMs)).replaceAll('$DEAD_NODE_IP', deadNodeIp);
}
