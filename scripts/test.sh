#!/usr/bin/env bash
# All tests this machine can run, cheapest first; the first failure ends it. Under CI=true every real part is installed
# or built, and nothing is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
ci=${CI:-false}
began=$SECONDS

stage() {
  echo
  echo "==== $1 (after $((SECONDS - began)) s)"
}

skip() {
  echo "not run: $1"
  echo "   run it with: $2"
}

if [ "$ci" = true ]; then
  # Long on two cores, so it starts now and gives way to the tests; the stage that needs it waits for the rest.
  echo "building Kubernetes in the background"
  setsid nice -n 19 tests/cluster/build.sh hyperkube coredns workload metrics-server &
  builder=$!
  trap 'kill -- "-$builder" 2>/dev/null || true' EXIT
fi

stage "Static checks"
scripts/lint.sh

stage "Tests that need nothing but Python"
pytest -q -n 2 -m "not slow and not needs_java and not needs_engine"

stage "Fetching what the builds need (the tests then run offline)"
scripts/fetch.sh
export BLISSFUL_OFFLINE=1

stage "Real servers and builds, as ordinary processes"
if [ "$ci" = true ]; then
  scripts/test-slow.sh
else
  pytest -q -m "slow and not needs_engine" tests/acceptance -k fastapi-postgres-process
  skip "both templates with every choice, faults and interruptions take half an hour" "make test-slow"
fi

stage "Docker"
if [ "$ci" = true ] || docker info >/dev/null 2>&1; then
  scripts/with-engine.sh docker pytest -q -m needs_docker
else
  skip "no Docker engine answers" "make test-docker"
fi

stage "Prometheus"
if [ "$ci" = true ] || tests/engines/prometheus.sh status 2>/dev/null; then
  scripts/with-engine.sh prometheus pytest -q -m needs_prometheus
else
  skip "no prometheus and promtool on PATH" "make test-prometheus"
fi

stage "Loki"
if [ "$ci" = true ]; then
  scripts/with-engine.sh loki pytest -q -m needs_loki
else
  skip "building Loki takes minutes" "make test-loki"
fi

stage "Kubernetes"
if [ "$ci" = true ] || [ -n "${KUBECONFIG:-}" ]; then
  scripts/with-engine.sh cluster pytest -q -m needs_cluster
else
  skip "no KUBECONFIG names a cluster, and building one takes minutes" "make test-cluster"
fi

stage "Ollama"
if [ "$ci" = true ]; then
  scripts/with-engine.sh ollama pytest -q -m needs_ollama
else
  skip "building Ollama takes minutes" "make test-ollama"
fi

stage "Sentence embeddings"
if [ "$ci" = true ]; then
  make test-embeddings
else
  skip "torch is several GB" "make test-embeddings"
fi

stage "Done"
