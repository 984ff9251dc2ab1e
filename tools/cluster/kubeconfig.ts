import { dump } from 'js-yaml';

export type Access = { readonly server: string; readonly ca: string; readonly user: string; readonly token: string };

/** The text of a kubeconfig with one cluster, one user and, if given, a namespace. */
export function kubeconfigText({ server, ca, user, token }: Access, namespace?: string): string {
  const context = { cluster: 'kitchen', user, ...(namespace === undefined ? {} : { namespace }) };
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'kitchen',
    clusters: [
      { name: 'kitchen', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'kitchen', context }],
  });
}
