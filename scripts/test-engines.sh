#!/usr/bin/env bash
# The tests on real engines that take no fixed port of this machine: builds what is missing, at the lowest priority, then
# starts, tests and stops one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
export BLISSFUL_OFFLINE=1
began=$SECONDS

stage() {
  echo
  echo "==== $1 (after $((SECONDS - began)) s)"
}

stage "Building what is missing"
nice -n 19 tests/cluster/build.sh
stage "Kubernetes"
scripts/with-engine.sh cluster pytest -q -m needs_cluster

stage "Prometheus"
scripts/with-engine.sh prometheus pytest -q -m needs_prometheus

stage "Loki"
nice -n 19 tests/engines/loki.sh build
scripts/with-engine.sh loki pytest -q -m needs_loki

stage "Ollama"
nice -n 19 tests/engines/ollama.sh build
scripts/with-engine.sh ollama pytest -q -m needs_ollama

stage "Sentence embeddings"
make test-embeddings

stage "Done with the engines"
