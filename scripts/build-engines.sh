#!/usr/bin/env bash
# Builds the engines of the tests that no package brings, each once for each version, at the lowest priority.
set -euo pipefail
cd "$(dirname "$0")/.."
renice -n 19 -p $$ >/dev/null
tests/cluster/build.sh
tests/engines/loki.sh build
tests/engines/ollama.sh build
