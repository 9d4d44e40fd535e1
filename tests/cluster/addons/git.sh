#!/usr/bin/env bash
# A git server that Argo CD reads and tests push to: `git init --bare $BLISSFUL_TEST_GIT_ROOT/shop.git`, then
# $BLISSFUL_TEST_GIT/shop.git.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/../settings.sh"

say "==> Starting the git server"
mkdir -p "$run/git"
GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' start_inside git git daemon --reuseaddr \
  --listen="$node_ip" --base-path="$run/git" --export-all --enable=receive-pack --informative-errors --verbose "$run/git"
wait_for 10 "git server" bash -c "</dev/tcp/$node_ip/9418"
cat >"$run/git.exports" <<END
export BLISSFUL_TEST_GIT=git://$node_ip
export BLISSFUL_TEST_GIT_ROOT=$run/git
END
