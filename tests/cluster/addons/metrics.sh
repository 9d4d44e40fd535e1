#!/usr/bin/env bash
# metrics-server: `kubectl top` and autoscalers work.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/../settings.sh"

"$here/build.sh" metrics-server
say "==> Starting metrics-server $metrics_server"
start_inside metrics-server "$bin/metrics-server" --kubeconfig "$run/kubeconfig" --authentication-kubeconfig "$run/kubeconfig" \
  --authorization-kubeconfig "$run/kubeconfig" --cert-dir "$run/metrics-server" --bind-address "$node_ip" --secure-port 4443 \
  --metric-resolution 10s --kubelet-request-timeout 5s --kubelet-preferred-address-types InternalIP \
  --kubelet-certificate-authority "$pki/ca.crt"
kube apply --filename - >/dev/null <<END
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {ports: [{name: https, port: 443, targetPort: 4443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: metrics-server, namespace: kube-system, labels: {kubernetes.io/service-name: metrics-server}}
addressType: IPv4
endpoints: [{addresses: ["$node_ip"], conditions: {ready: true}}]
ports: [{name: https, port: 4443, protocol: TCP}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  service: {name: metrics-server, namespace: kube-system}
  group: metrics.k8s.io
  version: v1beta1
  insecureSkipTLSVerify: true
  groupPriorityMinimum: 100
  versionPriority: 100
END
wait_for 60 "metrics of the node" kube top node
echo "export BLISSFUL_TEST_METRICS=$node_ip" >"$run/metrics.exports"
