#!/usr/bin/env bash
# All tests this machine can run, cheapest first; the first failure ends it. Under CI=true every real part is installed
# or built, and nothing is skipped: engines are built beside the first tests, at the lowest priority, and the tests on
# Kubernetes, which mostly wait, run beside those that bear a loaded machine.
set -euo pipefail
cd "$(dirname "$0")/.."
ci=${CI:-false}
began=$SECONDS
beside=

stage() {
  echo
  echo "==== $1 (after $((SECONDS - began)) s)"
}

skip() {
  echo "not run: $1"
  echo "   run it with: $2"
}

# A command of its own process group; what it says is shown by `joined`.
start_beside() {
  log=$(mktemp)
  setsid "$@" >"$log" 2>&1 &
  beside=$!
}

joined() {
  local failed=0
  wait "$beside" || failed=$?
  beside=
  cat "$log"
  rm "$log"
  [ "$failed" = 0 ] || exit "$failed"
}

end_beside() {
  [ -n "$beside" ] || return 0
  kill -TERM -- "-$beside" 2>/dev/null || return 0
  wait "$beside" 2>/dev/null || true
}
trap end_beside EXIT

stage "Static checks"
scripts/lint.sh

[ "$ci" != true ] || start_beside scripts/build-engines.sh

stage "Tests that need nothing but Python"
pytest -q -n 2 -m "not slow and not needs_java and not needs_engine"

stage "Fetching what the builds need (the tests then run offline)"
if [ "$ci" = true ]; then scripts/fetch.sh; else scripts/fetch.sh python; fi
export BLISSFUL_OFFLINE=1

stage "Generated services, as ordinary processes"
if [ "$ci" = true ]; then
  scripts/test-slow.sh tests/acceptance
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

if [ "$ci" = true ]; then
  stage "Building what is not built yet"
  joined
  start_beside scripts/with-engine.sh cluster pytest -q -m needs_cluster

  stage "Real servers and builds, as ordinary processes (beside the tests on Kubernetes)"
  scripts/test-slow.sh --ignore tests/acceptance

  for engine in prometheus loki ollama; do
    stage "${engine^}"
    scripts/with-engine.sh "$engine" pytest -q -m "needs_$engine"
  done

  stage "Sentence embeddings"
  make test-embeddings

  stage "Kubernetes"
  joined
else
  stage "Other engines"
  if tests/engines/prometheus.sh status 2>/dev/null; then
    scripts/with-engine.sh prometheus pytest -q -m needs_prometheus
  else
    skip "no prometheus and promtool on PATH" "make test-prometheus"
  fi
  if [ -n "${KUBECONFIG:-}" ]; then
    scripts/with-engine.sh cluster pytest -q -m needs_cluster
  else
    skip "no KUBECONFIG names a cluster, and building one takes minutes" "make test-cluster"
  fi
  skip "building Loki takes minutes" "make test-loki"
  skip "building Ollama takes minutes" "make test-ollama"
  skip "torch is several GB" "make test-embeddings"
fi

stage "Done"
