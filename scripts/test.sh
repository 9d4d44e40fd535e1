#!/usr/bin/env bash
# All tests this machine can run, cheapest first; the first failure ends it. Under CI=true every real part is installed
# or built, and nothing is skipped: the engines that take long to build and then mostly wait are built and tested beside
# the tests that bear a loaded machine; the services' own tests, which time what they see, have the machine to themselves.
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

stop_engines() {
  kill -TERM -- "-$engines" 2>/dev/null || return 0
  wait "$engines" 2>/dev/null || true
}

stage "Static checks"
scripts/lint.sh

if [ "$ci" = true ]; then
  engines_log=$(mktemp)
  setsid scripts/test-engines.sh >"$engines_log" 2>&1 &
  engines=$!
  trap stop_engines EXIT
  echo "beside what follows: Kubernetes, Prometheus, Loki, Ollama and sentence embeddings"
fi

stage "Tests that need nothing but Python"
pytest -q -n 2 -m "not slow and not needs_java and not needs_engine"

stage "Fetching what the builds need (the tests then run offline)"
if [ "$ci" = true ]; then scripts/fetch.sh; else scripts/fetch.sh python; fi
export BLISSFUL_OFFLINE=1

if [ "$ci" = true ]; then
  stage "Real servers and builds, as ordinary processes"
  scripts/test-slow.sh --ignore tests/acceptance

  stage "Kubernetes, Prometheus, Loki, Ollama, sentence embeddings"
  failed=0
  wait "$engines" || failed=$?
  cat "$engines_log"
  rm "$engines_log"
  [ "$failed" = 0 ] || exit "$failed"

  stage "Generated services, as ordinary processes"
  scripts/test-slow.sh tests/acceptance
else
  stage "Generated services, as ordinary processes"
  pytest -q -m "slow and not needs_engine" tests/acceptance -k fastapi-postgres-process
  skip "both templates with every choice, faults and interruptions take half an hour" "make test-slow"
fi

stage "Docker"
if [ "$ci" = true ] || docker info >/dev/null 2>&1; then
  scripts/with-engine.sh docker pytest -q -m needs_docker
else
  skip "no Docker engine answers" "make test-docker"
fi

if [ "$ci" != true ]; then
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
