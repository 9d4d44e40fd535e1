# shellcheck shell=bash disable=SC2034 # sourced: every other script of this folder reads these
# Versions, places and addresses of the throw-away cluster. Everything it writes is under $run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}/cluster
PATH=$here/../../.venv/bin:$PATH:/usr/local/go/bin:/usr/local/sbin:/usr/sbin:/sbin

kubernetes=1.34.4
coredns=1.13.2
metrics_server=0.7.2
contour=1.33.8
kustomize=5.7.1
envoy_version=1.40.0
argocd=3.2.11
sops=3.13.3
age=1.3.2

run=$cache/run
pki=$run/pki
configuration=$run/configuration
logs=$run/logs
bin=$run/bin

# One veth pair and one cgroup for each cache, so that clusters of two caches do not meet.
group=blissful-cluster-$(cksum <<<"$cache" | cut -d' ' -f1)
veth=bl${group##*-}
node=node1
registry=registry.blissful.test:5000
# The part of 10.0.0.0/8 it uses: chosen by `up` among what this machine does not route yet, kept in $run/subnet.
addresses() {
  local subnet
  subnet=$(cat "$run/subnet" 2>/dev/null || echo 0)
  host_ip=10.199.$subnet.1
  node_ip=10.199.$subnet.2
  services=10.$((96 + subnet)).0.0/16
  pods=10.$((208 + subnet)).0.0/24
}
addresses

say() { echo "$*" >&2; }
fail() {
  say "error: $1"
  say "  hint: $2"
  exit 4
}
node_pid() { cat "$run/node.pid" 2>/dev/null; }
ours() { [ -n "$(node_pid)" ] && kill -0 "$(node_pid)" 2>/dev/null; }
kube() { "$bin/kubectl" --kubeconfig "$run/kubeconfig" --request-timeout=5s "$@"; }
# Runs a command inside the cluster's namespaces: it ends with the cluster.
inside() { nsenter --target "$(node_pid)" --mount --pid --net --uts --ipc -- "$@"; }
# Starts a program there, in the background; its output goes to a log of its name.
start_inside() {
  local name=$1
  shift
  inside setsid "$@" </dev/null >"$logs/$name.log" 2>&1 9>&- &
}
# Waits until a command succeeds: seconds, what it is, command.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "no $what after a long wait; the end of its logs:"
      tail -n 5 "$logs"/*.log >&2 || true
      fail "the cluster has no $what" "the logs above say why; \`tests/cluster/cluster.sh down\` cleans up"
    fi
    sleep 0.3
  done
}
