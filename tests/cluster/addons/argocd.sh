#!/usr/bin/env bash
# Argo CD's controller, repository server and API server, with a real Redis.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/../settings.sh"

folder=$run/argocd
[ -e "$run/git.exports" ] || "$here/addons/git.sh"
"$here/build.sh" kustomize argocd
say "==> Starting Argo CD $argocd"
mkdir -p "$folder"/{bin,tls,ssh,gpg,plugin,tmp}
touch "$folder/ssh/ssh_known_hosts"
for name in argocd-application-controller argocd-repo-server argocd-server; do
  ln -sf "$cache/bin/argocd" "$folder/bin/$name"
done
kube create namespace argocd --dry-run=client --output yaml | kube apply --filename - >/dev/null
kube apply --server-side --filename "$cache/bin/argocd.yaml" >/dev/null
kube apply --namespace argocd --filename - >/dev/null <<END
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, labels: {app.kubernetes.io/part-of: argocd}}
data: {timeout.reconciliation: 10s, timeout.reconciliation.jitter: 0s}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-rbac-cm, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cmd-params-cm, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, labels: {app.kubernetes.io/part-of: argocd}}
stringData: {server.secretkey: $(openssl rand -hex 32)}
END
wait_for 30 "kind AppProject" kube get crd appprojects.argoproj.io
wait_for 30 "default project" kube apply --namespace argocd --filename "$here/addons/argocd-project.yaml"
# EMAIL: git asks DNS for this machine's full name before each fetch otherwise, and waits 10 s for no answer.
export ARGOCD_FAKE_IN_CLUSTER=true ARGOCD_TLS_DATA_PATH=$folder/tls ARGOCD_SSH_DATA_PATH=$folder/ssh \
  ARGOCD_GNUPGHOME=$folder/gpg ARGOCD_GPG_ENABLED=false ARGOCD_PLUGINSOCKFILEPATH=$folder/plugin TMPDIR=$folder/tmp \
  EMAIL=argocd@cluster.invalid ARGOCD_CONTROLLER_REPLICAS=1 KUBECONFIG=$run/kubeconfig PATH=$bin:$PATH
start_inside redis redis-server --port 6379 --bind 127.0.0.1 --save '' --appendonly no
start_inside argocd-repo-server "$folder/bin/argocd-repo-server" --redis 127.0.0.1:6379 --port 8091 --metrics-port 8094 \
  --disable-tls --revision-cache-expiration 5s --address 127.0.0.1
start_inside argocd-application-controller "$folder/bin/argocd-application-controller" --kubeconfig "$KUBECONFIG" \
  --namespace argocd --redis 127.0.0.1:6379 --repo-server 127.0.0.1:8091 --repo-server-plaintext --metrics-port 8092 \
  --app-resync 10 --status-processors 2 --operation-processors 2
start_inside argocd-server "$folder/bin/argocd-server" --kubeconfig "$KUBECONFIG" --namespace argocd --insecure \
  --disable-auth --redis 127.0.0.1:6379 --repo-server 127.0.0.1:8091 --repo-server-plaintext --address "$node_ip" --port 8095
wait_for 60 "Argo CD server" curl --fail --silent --max-time 2 "http://$node_ip:8095/healthz"
cat >"$run/argocd.exports" <<END
export ARGOCD_SERVER=$node_ip:8095
export ARGOCD_OPTS=--plaintext
END
