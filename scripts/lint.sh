#!/usr/bin/env bash
# Every static check, cheapest first; each says its name, so that a failure says whose it is.
set -euo pipefail
cd "$(dirname "$0")/.."

step() {
  echo "==> $1"
  shift
  "$@"
}

mapfile -t shell_scripts < <(git ls-files '*.sh' '.ci/run')
mapfile -t dockerfiles < <(git ls-files '*Dockerfile*' ':!*.jinja' ':!*.dockerignore')
step "ruff check" ruff check --quiet .
step "ruff format" ruff format --quiet --check .
step "shellcheck" shellcheck "${shell_scripts[@]}"
if [ "${#dockerfiles[@]}" -gt 0 ]; then
  step "hadolint" hadolint "${dockerfiles[@]}"
fi
step "import contracts" lint-imports --no-cache
step "mypy" mypy
step "mypy (tests, benchmarks)" mypy tests benchmarks
step "ansible-lint (production profile)" ansible-lint -q
