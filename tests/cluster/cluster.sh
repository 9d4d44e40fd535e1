#!/usr/bin/env bash
# A real one-node Kubernetes for the tests (Debian and root), in mount, pid and network namespaces of its own.
#   cluster.sh up [part...]   start it, with parts: git metrics ingress argocd sops (default: all). Prints the exports
#                             that reach it
#   cluster.sh down           end it: its pid 1, and with it every process in its namespaces; leaves nothing but the cache
#   cluster.sh status         say what there is; ends with 0 when the cluster started here runs
# A cluster that KUBECONFIG names already is used as it is, and never stopped.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
# shellcheck source=tests/cluster/certificates.sh
. "$here/certificates.sh"
# shellcheck source=tests/cluster/configuration.sh
. "$here/configuration.sh"

theirs() { [ -n "${KUBECONFIG:-}" ] && [ "$KUBECONFIG" != "$run/kubeconfig" ]; }

install_packages() {
  if command -v containerd >/dev/null && command -v runc >/dev/null && command -v docker-registry >/dev/null &&
    command -v skopeo >/dev/null && command -v redis-server >/dev/null && [ -x /usr/lib/cni/bridge ] &&
    command -v iptables >/dev/null && command -v conntrack >/dev/null; then return; fi
  say "==> Installing containerd, runc, CNI plugins, docker-registry, skopeo and redis-server"
  apt-get update -qq >&2
  # No package may start a service of its own.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    containerd runc containernetworking-plugins iptables nftables conntrack ipset socat ebtables iproute2 \
    docker-registry skopeo redis-server openssl >/dev/null
}

choose_subnet() {
  local subnet routes
  routes=$(ip route)
  for subnet in $(seq 0 15); do
    if ! grep -qE "^(10\.199\.$subnet\.|10\.$((96 + subnet))\.|10\.$((208 + subnet))\.)" <<<"$routes"; then
      echo "$subnet" >"$run/subnet"
      addresses
      return
    fi
  done
  fail "no free network is left for the cluster" "see \`ip route\`: sixteen clusters seem to run"
}

make_groups() {
  local controller folder
  for controller in /sys/fs/cgroup/*/; do
    [ "${controller%/unified/}" = "$controller" ] || continue
    mkdir -p "$controller$group/node"
    if [ -e "${controller}cpuset.cpus" ]; then
      for folder in "$group" "$group/node"; do
        cat "${controller}cpuset.cpus" >"$controller$folder/cpuset.cpus"
        cat "${controller}cpuset.mems" >"$controller$folder/cpuset.mems"
      done
    fi
  done
}

start() {
  local pid name
  mkdir -p "$bin" "$logs" "$configuration" "$run"/{etcd,registry} "$run"/var/{kubelet,containerd,cni,log,volumes} /tmp/hostpath_pv
  choose_subnet
  for name in etcd kubectl kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
    ln -sf "$cache/bin/hyperkube" "$bin/$name"
  done
  for name in coredns metrics-server contour kustomize argocd; do ln -sf "$cache/bin/$name" "$bin/$name"; done
  write_certificates
  write_configuration
  "$here/image.py" blissful.test/pause:1 "$cache/bin/workload" --output "$run/pause.tar" --command pause
  # kubelet and kube-proxy change these for the whole machine: what they were.
  sysctl vm.overcommit_memory kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes \
    >"$run/sysctl.before"
  make_groups
  setsid unshare --mount --pid --net --uts --ipc --fork --mount-proc --kill-child --propagation private \
    "$here/node.sh" </dev/null >"$logs/node.log" 2>&1 9>&- &
  for _ in $(seq 100); do
    pid=$(cat "/proc/$!/task/$!/children" 2>/dev/null || true)
    [ -z "$pid" ] || break
    sleep 0.05
  done
  echo "${pid// /}" >"$run/node.pid"
  until [ "$(readlink "/proc/${pid// /}/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
  ip link add "$veth" type veth peer name eth0 netns "${pid// /}"
  ip addr add "$host_ip/30" dev "$veth"
  ip link set "$veth" up
  ip route add "$services" via "$node_ip"
  ip route add "$pods" via "$node_ip"
  wait_for 120 "API server" kube get --raw /readyz
  wait_for 60 "ready node" kube wait --for=condition=Ready "node/$node" --timeout=1s
  wait_for 30 "service account" kube --namespace default get serviceaccount default
  wait_for 30 "registry" curl -fsS "http://$node_ip:5000/v2/"
  kube apply --filename "$here/storage.yaml" >/dev/null
}

stop() {
  local pid folder
  pid=$(node_pid || true)
  if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/ns/pid" 2>/dev/null)" != "$(readlink /proc/self/ns/pid)" ]; then
    kill -KILL "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  fi
  ip link delete "$veth" 2>/dev/null || true
  for folder in /sys/fs/cgroup/*/"$group"; do
    for _ in $(seq 20); do
      [ -e "$folder" ] || break
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
      sleep 0.1
    done
  done
  [ ! -e "$run/sysctl.before" ] || sed 's/ = /=/' "$run/sysctl.before" | xargs -r sysctl -qw
  rm -rf "$run"
  rmdir /tmp/hostpath_pv 2>/dev/null || true
}

exports() {
  echo "export KUBECONFIG=$run/kubeconfig"
  echo "export BLISSFUL_TEST_CLUSTER=$node_ip"
  echo "export BLISSFUL_TEST_REGISTRY=$node_ip:5000"
  echo "export PATH=$bin:\$PATH"
}

up() {
  local part
  if theirs; then
    kubectl --request-timeout=5s get --raw /readyz >/dev/null 2>&1 ||
      fail "the cluster of KUBECONFIG=$KUBECONFIG does not answer" "start it, or unset KUBECONFIG to have one made here"
    say "using the cluster of KUBECONFIG=$KUBECONFIG"
    echo "export BLISSFUL_TEST_CLUSTER=theirs"
    return
  fi
  if [ "$(id -u)" != 0 ] || [ ! -f /etc/debian_version ] || [ ! -d /sys/fs/cgroup/memory ]; then
    fail "a cluster can be made here on Debian as root with control groups v1 only" \
      "start kind, k3d or minikube and set KUBECONFIG"
  fi
  if ! ours; then
    install_packages
    "$here/build.sh" hyperkube coredns workload
    [ ! -d "$run" ] || stop # what a crash left
    say "==> Starting Kubernetes $kubernetes"
    start
  fi
  [ $# -gt 0 ] || set -- git metrics ingress argocd sops
  for part in "$@"; do
    [ -x "$here/addons/$part.sh" ] || fail "the cluster has no part $part" "$(cd "$here/addons" && echo *.sh)"
    [ -e "$run/$part.exports" ] || "$here/addons/$part.sh"
  done
  exports
  cat "$run"/*.exports 2>/dev/null || true
}

status() {
  if ours; then
    say "running: Kubernetes $kubernetes at https://$node_ip:6443, KUBECONFIG=$run/kubeconfig"
  else
    say "not running"
    return 1
  fi
}

command=${1:-}
shift || true
case $command in
  up) up "$@" ;;
  status) status ;;
  down) [ ! -d "$run" ] || stop ;;
  *)
    say "usage: $0 up [git metrics ingress argocd sops] | down | status"
    exit 2
    ;;
esac
