#!/usr/bin/env bash
# Run a command with a Docker engine, its plugins and the tests' images; an engine started for it is stopped afterwards,
# by the last of those that use it.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}
mkdir -p "$cache/docker"

leave() {
  if [ "$started" = true ] && flock --nonblock --exclusive 9; then tests/engines/docker.sh down; fi
}

exec 9>"$cache/docker/users.lock"
flock --shared 9
started=true
tests/engines/docker.sh status 2>/dev/null && started=false
trap leave EXIT
exports=$(tests/engines/docker.sh up)
eval "$exports"
"$@" 9>&-
