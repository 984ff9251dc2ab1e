import { join } from 'node:path';
import type { Command } from './processes.ts';
import { leaseSeconds, monitorPeriodSeconds, type Timings } from './timings.ts';

/** All values that the processes' flags depend on. */
export type Plane = {
  readonly dir: string;
  readonly binDir: string;
  readonly port: number;
  readonly timings: Timings;
  readonly audit: boolean;
  readonly extraFlags: Readonly<Partial<Record<ComponentName, readonly string[]>>>;
};

export type ComponentName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** The label of living nodes for kwok. A node without it is dead. */
export const aliveLabel = 'kitchen.dev/alive';

/** The address kwok gives a node it does not manage (TEST-NET-1): how the stages tell that a pod's node has died. */
export const deadNodeIp = '192.0.2.255';

/** The command line of one process. Sockets and logs are in the cluster's folder, which is their working directory. */
export function command(name: ComponentName, plane: Plane): Command {
  const args = { ...builders[name](plane) };
  const flags = Object.entries(args).map(([flag, value]) => `--${flag}=${value}`);
  return { name, command: join(plane.binDir, name), args: [...flags, ...(plane.extraFlags[name] ?? [])] };
}

type Flags = Readonly<Record<string, string | number | boolean>>;

const builders: Readonly<Record<ComponentName, (plane: Plane) => Flags>> = {
  etcd: ({ dir }) => ({
    // etcd checks no credentials, so its sockets are in a folder that only its owner may enter.
    'data-dir': join(dir, 'etcd'),
    'listen-client-urls': 'unix://etcd.sock',
    'advertise-client-urls': 'unix://etcd.sock',
    'listen-peer-urls': 'unix://peer.sock',
    'initial-advertise-peer-urls': 'unix://peer.sock',
    'initial-cluster': 'default=unix://peer.sock',
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  }),
  'kube-apiserver': ({ dir, port, timings, audit }) => ({
    'etcd-servers': 'unix://etcd.sock',
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': port,
    'cert-dir': join(dir, 'certs'),
    'token-auth-file': join(dir, 'tokens.csv'),
    'authorization-mode': 'RBAC',
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.96.0.0/16',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(dir, 'service-accounts.pub'),
    'service-account-signing-key-file': join(dir, 'service-accounts.key'),
    'default-not-ready-toleration-seconds': timings.tolerationSeconds,
    'default-unreachable-toleration-seconds': timings.tolerationSeconds,
    'shutdown-delay-duration': '0s',
    ...(audit ? { 'audit-policy-file': join(dir, 'audit-policy.yaml'), 'audit-log-path': join(dir, 'audit.log') } : {}),
  }),
  'kube-controller-manager': ({ dir, timings: { graceSeconds } }) => ({
    kubeconfig: join(dir, 'controller-manager.kubeconfig'),
    'leader-elect': false,
    'secure-port': 0,
    'use-service-account-credentials': true,
    'service-account-private-key-file': join(dir, 'service-accounts.key'),
    'root-ca-file': join(dir, 'certs', 'apiserver.crt'),
    'node-monitor-grace-period': `${graceSeconds}s`,
    'node-monitor-period': `${monitorPeriodSeconds(graceSeconds)}s`,
    'kube-api-qps': 500,
    'kube-api-burst': 1000,
  }),
  'kube-scheduler': ({ dir }) => ({
    kubeconfig: join(dir, 'scheduler.kubeconfig'),
    'leader-elect': false,
    'secure-port': 0,
    'kube-api-qps': 500,
    'kube-api-burst': 1000,
  }),
  kwok: ({ dir, timings: { graceSeconds } }) => ({
    kubeconfig: join(dir, 'kwok.kubeconfig'),
    config: join(dir, 'kwok.yaml'),
    'manage-all-nodes': false,
    'manage-nodes-with-label-selector': `${aliveLabel}=true`,
    'node-ip': deadNodeIp,
    'node-lease-duration-seconds': leaseSeconds(graceSeconds),
  }),
};
