#!/usr/bin/env bash
# @kubernetes/client-node cannot renew an expired OIDC token: openid-client refuses the issuer that it is given as a text.
#
# @kubernetes/client-node 2.0.1 (its types allow openid-client 6.1 and newer; 6.8.9 and 6.9.0 behave alike), Node 24.
# A kubeconfig with `auth-provider: {name: oidc}` has an id-token, a refresh-token and `idp-issuer-url`. While the id-token is
# valid, all works. Once it has expired, the client calls `discovery(config['idp-issuer-url'], …)` of openid-client, whose
# first argument has to be a URL. So every request fails before anything is sent to the issuer, until a person signs in again.
#
# Seen:
#   TypeError: "server" must be an instance of URL (ERR_INVALID_ARG_TYPE)
#
# This asks for the options of one request with a token that expired in 1970, and fails when the client gets as far as the
# issuer (nothing listens at its address), or is refused in other words.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf -- "$room"' EXIT
cd "$room"

npm init --yes > /dev/null
npm install --silent --no-audit --no-fund node@24.21.0 @kubernetes/client-node@2.0.1 openid-client@6.8.9

cat > expired.mjs << 'JS'
import { KubeConfig } from '@kubernetes/client-node';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const expired = [part({ alg: 'RS256' }), part({ sub: 'somebody', exp: 1 }), 'signature'].join('.');
const config = {
  'client-id': 'kubernetes',
  'id-token': expired,
  'refresh-token': 'refresh',
  'idp-issuer-url': 'https://127.0.0.1:1/issuer',
};
const kubeconfig = new KubeConfig();
kubeconfig.loadFromOptions({
  clusters: [{ name: 'lab', server: 'https://127.0.0.1:1' }],
  users: [{ name: 'somebody', authProvider: { name: 'oidc', config } }],
  contexts: [{ name: 'lab', cluster: 'lab', user: 'somebody' }],
  currentContext: 'lab',
});
try {
  await kubeconfig.applyToHTTPSOptions({});
  console.log('renewed');
} catch (error) {
  console.log(`${error.name}: ${error.message} (${error.code})`);
}
JS

said=$(node_modules/.bin/node expired.mjs)
echo "$said"
[[ $said == 'TypeError: "server" must be an instance of URL (ERR_INVALID_ARG_TYPE)' ]]
