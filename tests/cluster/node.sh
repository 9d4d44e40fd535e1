#!/usr/bin/env bash
# Pid 1 of the cluster's namespaces: mounts what the node must own, starts its programs and stays until it is killed.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

for part in /sys/fs/cgroup/*/"$group"/node; do echo 0 >"$part/cgroup.procs"; done
# An own /sys (of this network namespace), /run, /var/log and /var/lib/{kubelet,containerd,cni}.
groups=$run/var/cgroups
mkdir -p "$groups"
mount --rbind /sys/fs/cgroup "$groups"
mount -t sysfs sysfs /sys
mount --rbind "$groups" /sys/fs/cgroup
umount -l "$groups"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /var/lib/{kubelet,containerd,cni}
for folder in kubelet containerd cni; do mount --bind "$run/var/$folder" "/var/lib/$folder"; done
mount --bind "$run/var/log" /var/log
# Where the controller manager's provisioner makes volumes.
mount --bind "$run/var/volumes" /tmp/hostpath_pv
mount --make-rshared /
hostname "$node"
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip addr add "$node_ip/30" dev eth0
ip link set eth0 up
ip route add default via "$host_ip"
sysctl -qw net.ipv4.ip_forward=1

start() {
  local name=$1
  shift
  "$@" >"$logs/$name.log" 2>&1 &
}
images() { ctr --address /run/containerd/containerd.sock --namespace k8s.io "$@"; }

start etcd "$bin/etcd" --name node1 --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster node1=http://127.0.0.1:2380
start containerd containerd --config "$configuration/containerd.toml"
start registry docker-registry serve "$configuration/registry.yaml"
start kube-apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
  --advertise-address="$node_ip" --secure-port=6443 --service-cluster-ip-range="$services" \
  --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
  --kubelet-client-certificate="$pki/apiserver-kubelet.crt" --kubelet-client-key="$pki/apiserver-kubelet.key" \
  --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/accounts.pub" \
  --service-account-signing-key-file="$pki/accounts.key" --authorization-mode=Node,RBAC \
  --enable-admission-plugins=NodeRestriction --allow-privileged=true --profiling=false \
  --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
  --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
  --requestheader-username-headers=X-Remote-User \
  --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key"
# The pause image is needed before any registry is.
until images version >/dev/null 2>&1; do sleep 0.1; done
images images import "$run/pause.tar"
# Ready, not just listening: without the bootstrap roles the controller manager exits.
until "$bin/kubectl" --kubeconfig="$run/kubeconfig" --request-timeout=2s get --raw /readyz >/dev/null 2>&1; do sleep 0.3; done
start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig="$configuration/controller-manager.kubeconfig" \
  --authentication-kubeconfig="$configuration/controller-manager.kubeconfig" \
  --authorization-kubeconfig="$configuration/controller-manager.kubeconfig" --leader-elect=false \
  --use-service-account-credentials --service-account-private-key-file="$pki/accounts.key" --root-ca-file="$pki/ca.crt" \
  --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" --bind-address=127.0.0.1 \
  --enable-hostpath-provisioner
start kube-scheduler "$bin/kube-scheduler" --kubeconfig="$configuration/scheduler.kubeconfig" --leader-elect=false \
  --authentication-kubeconfig="$configuration/scheduler.kubeconfig" \
  --authorization-kubeconfig="$configuration/scheduler.kubeconfig" --bind-address=127.0.0.1
start kubelet "$bin/kubelet" --config="$configuration/kubelet.yaml" --kubeconfig="$configuration/kubelet.kubeconfig" \
  --hostname-override="$node" --node-ip="$node_ip"
start kube-proxy "$bin/kube-proxy" --config="$configuration/proxy.yaml"
start coredns "$bin/coredns" -conf "$configuration/Corefile"

# A program that ends is news for the log; the node lives on until `down`, and takes in orphans meanwhile.
while :; do
  wait -n -p ended || echo "pid ${ended:-none} ended with $?"
  sleep 1
done
