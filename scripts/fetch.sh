#!/usr/bin/env bash
# Fetch what builds inside the tests need (wheels, Maven artifacts, Kafka's jars), so that they then run offline.
# Done once for each state of what names dependencies. `fetch.sh python` leaves out what Maven would bring.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}
kustomize_version=v5.7.1
checkov_version=3.3.30
naming=(':(glob)copier-templates/*/template/pom.xml*' ':(glob)copier-templates/*/template/requirements*'
  ':(glob)copier-templates/*/template/pyproject.toml*' roles/kafka/defaults roles/kafka/templates constraints.txt scripts/fetch.sh)
pins=$(git ls-files -s -- "${naming[@]}")
changes=$(git diff HEAD -- "${naming[@]}")
state=$(printf '%s\n%s' "$pins" "$changes" | sha256sum | cut -c1-16)
what=${1:-all}
done_before=$cache/fetched/$state-$what
if [ -e "$done_before" ] || [ -e "$cache/fetched/$state-all" ]; then
  echo "already fetched for these pins"
  exit 0
fi

if [ ! -x "$cache/engines/bin/kustomize" ] && command -v go >/dev/null; then
  echo "==> kustomize $kustomize_version, for the manifests' tests"
  GOBIN=$cache/engines/bin go install "sigs.k8s.io/kustomize/kustomize/v5@$kustomize_version"
fi
if [ ! -x "$cache/checkov/bin/checkov" ]; then
  echo "==> checkov $checkov_version, in an environment of its own"
  rm -rf "$cache/checkov"
  uv venv --quiet "$cache/checkov"
  uv pip install --quiet --python "$cache/checkov/bin/python" "checkov==$checkov_version"
fi

scratch=$(mktemp -d)
cleanup() {
  for project in "$scratch"/fetch-*/; do
    (cd "$project" && blissful-infra down --volumes --yes >/dev/null 2>&1) || true
  done
  rm -rf "$scratch"
}
trap cleanup EXIT

java=false
if [ "$what" = all ] && command -v java >/dev/null && command -v mvn >/dev/null; then java=true; fi
kafka=--no-kafka
if [ "$java" = true ]; then kafka=--kafka; fi
cd "$scratch"

echo "==> the build backend, for wheels built offline"
uv build --quiet --wheel --out-dir "$scratch/wheel" "$repository"

echo "==> wheels of the fastapi template and its tests, and the local servers"
blissful-infra create fetch-fastapi --template fastapi --postgres "$kafka" --redis --no-input >/dev/null
(cd fetch-fastapi && blissful-infra up --runtime process && make .venv/.installed-dev && blissful-infra down --volumes --yes)

if [ "$java" = true ]; then
  echo "==> Maven artifacts of the spring-boot template and its tests"
  for options in "--postgres --kafka --redis" "--no-postgres --no-kafka --no-redis"; do
    rm -rf fetch-spring
    # shellcheck disable=SC2086 # the options are separate words
    blissful-infra create fetch-spring --template spring-boot $options --no-input >/dev/null
    (cd fetch-spring && mvn --batch-mode --quiet -Dmaven.test.failure.ignore=true verify)
  done
  # Which versions of what they share win depends on the choice.
  for option in --postgres --kafka --redis; do
    rm -rf fetch-spring
    blissful-infra create fetch-spring --template spring-boot --no-postgres --no-kafka --no-redis "$option" \
      --no-input >/dev/null
    (cd fetch-spring && mvn --batch-mode --quiet test-compile)
  done
elif [ "$what" = all ]; then
  echo "no JDK with Maven here: nothing to fetch for spring-boot and Kafka"
fi
mkdir -p "$(dirname "$done_before")"
touch "$done_before"
