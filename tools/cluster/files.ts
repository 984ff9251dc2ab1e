import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kwokConfig } from './stages.ts';
import type { Timings } from './timings.ts';

/** The random tokens of the clients of the API server. */
export type Tokens = Readonly<Record<'admin' | 'controller-manager' | 'scheduler' | 'kwok', string>>;

const groups = { admin: 'system:masters', 'controller-manager': '', scheduler: '', kwok: 'system:masters' } as const;
const users = {
  admin: 'admin',
  'controller-manager': 'system:kube-controller-manager',
  scheduler: 'system:kube-scheduler',
  kwok: 'kwok',
} as const;

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{ level: Metadata }]
`;

/** Writes what the processes read at their start into the folder, for its owner alone; resolves to the tokens. */
export async function writeFiles(dir: string, timings: Timings): Promise<Tokens> {
  await mkdir(join(dir, 'certs'), { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const names = Object.keys(users) as (keyof Tokens)[];
  const tokens = Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')])) as Tokens;
  const csv = names
    .map((name) => `${tokens[name]},${users[name]},${users[name]}${groups[name] && `,${groups[name]}`}\n`)
    .join('');
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    'tokens.csv': csv,
    'service-accounts.key': keys.privateKey,
    'service-accounts.pub': keys.publicKey,
    'audit-policy.yaml': auditPolicy,
    'kwok.yaml': await kwokConfig(timings.podStartMs),
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writePrivate(join(dir, name), text)));
  return tokens;
}

export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}
