#!/usr/bin/env bash
# Real servers and builds, as ordinary processes, offline. The two templates run side by side, since their stacks mostly
# wait; the rest times interruptions or claims ports, and runs alone.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$scratch"' EXIT
export BLISSFUL_OFFLINE=1
export ACCEPTANCE_STATE_HOME=$scratch/state # one list of stacks, so that two never choose the same ports
slow="(slow or needs_java) and not needs_engine"
both=(tests/acceptance tests/templates)

pytest -q -m "$slow" "${both[@]}" -k "not spring" >"$scratch/log" 2>&1 &
pytest -q -m "$slow" "${both[@]}" -k spring
wait $! || failed=$?
cat "$scratch/log"
[ -z "${failed:-}" ] || exit "$failed"

pytest -q -m "$slow" "${both[@]/#/--ignore=}"
