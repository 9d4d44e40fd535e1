#!/usr/bin/env bash
# SOPS and age's key maker, for Secrets that lie encrypted in a repository: programs on PATH, no process.
set -euo pipefail
# shellcheck source=tests/cluster/settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/../settings.sh"

"$here/build.sh" sops age-keygen
for name in sops age-keygen; do ln -sf "$cache/bin/$name" "$bin/$name"; done
echo "export BLISSFUL_TEST_SOPS=$bin/sops" >"$run/sops.exports"
