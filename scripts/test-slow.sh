#!/usr/bin/env bash
# Real servers and builds, as ordinary processes, offline. Stacks of the acceptance suite and builds run two at a time;
# the rest times interruptions or claims ports, and runs alone.
set -euo pipefail
cd "$(dirname "$0")/.."
export BLISSFUL_OFFLINE=1
slow="(slow or needs_java) and not needs_engine"
side_by_side=(tests/acceptance tests/templates)
pytest -q -n 2 --dist loadgroup -m "$slow" "${side_by_side[@]}"
pytest -q -m "$slow" "${side_by_side[@]/#/--ignore=}"
