#!/usr/bin/env bash
# Run a command with an engine of tests/engines (`docker`, `loki`, `ollama` or `prometheus`) or the `cluster` of
# tests/cluster; one started for it is stopped afterwards, by the
# last command that uses it.
set -euo pipefail
cd "$(dirname "$0")/.."
engine=tests/engines/$1.sh
[ -e "$engine" ] || engine=tests/$1/$1.sh
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}
mkdir -p "$cache"
exec 9>"$cache/$1.users.lock"
shift

leave() {
  if [ "$started" = true ] && flock --nonblock --exclusive 9; then "$engine" down; fi
}

flock --shared 9
started=true
"$engine" status 2>/dev/null && started=false
trap leave EXIT
exports=$("$engine" up)
eval "$exports"
"$@" 9>&-
