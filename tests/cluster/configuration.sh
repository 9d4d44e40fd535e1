# shellcheck shell=bash disable=SC2154 # sourced; settings.sh says the rest
# The node's configuration files.

write_configuration() {
  mkdir -p "$configuration/cni"
  cat >"$configuration/containerd.toml" <<END
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "blissful.test/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true # without CAP_SYS_RESOURCE, runc may not lower the score
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$configuration/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$configuration/registries"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
END
  # The registry has a name for manifests, and its address, by which it is pushed to.
  local name
  for name in "$registry" "$node_ip:5000"; do
    mkdir -p "$configuration/registries/$name"
    cat >"$configuration/registries/$name/hosts.toml" <<END
server = "http://127.0.0.1:5000"
[host."http://127.0.0.1:5000"]
  capabilities = ["pull", "resolve"]
END
  done
  cat >"$configuration/cni/10-bridge.conflist" <<END
{"cniVersion": "0.4.0", "name": "blissful", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pods"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
  cat >"$configuration/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet.crt
tlsPrivateKeyFile: $pki/kubelet.key
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$group
failCgroupV1: false
failSwapOn: false
clusterDomain: cluster.local
clusterDNS: [$node_ip]
resolvConf: ""
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 0%, imagefs.available: 1%, imagefs.inodesFree: 0%}
registerWithTaints: []
serializeImagePulls: false
oomScoreAdj: 0
END
  cat >"$configuration/proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $configuration/proxy.kubeconfig}
mode: iptables
hostnameOverride: $node
clusterCIDR: $pods
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
END
  cat >"$configuration/Corefile" <<END
.:53 {
  bind $node_ip
  errors
  cache 5
  kubernetes cluster.local {
    kubeconfig $run/kubeconfig blissful-test
    ttl 5
  }
}
END
  cat >"$configuration/registry.yaml" <<END
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $run/registry}, delete: {enabled: true}}
http: {addr: ":5000"}
END
}
