#!/usr/bin/env bash
# Real servers and builds, as ordinary processes, offline. One at a time: the tests time starts, stops and interruptions,
# and claim ports. Any argument goes to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
export BLISSFUL_OFFLINE=1
pytest -q -m "(slow or needs_java) and not needs_engine" "$@"
