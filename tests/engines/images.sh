#!/usr/bin/env bash
# Builds the tests' images in the engine that DOCKER_HOST names: a Debian base by debootstrap, all else on top of it.
# Nothing is pulled. What is there already, from the same sources, is kept.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}
suite=bookworm
base=blissful.test/debian:$suite
images=$here/images
SOURCES=$(find "$images" -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16)
CA_BUNDLE=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
export SOURCES CA_BUNDLE

mapfile -t names < <(sed -n 's/.*tags = \["\(.*\)"\].*/\1/p' "$images/docker-bake.hcl")
found=$(docker image inspect --format '{{index .Config.Labels "test.blissful.sources"}}' "${names[@]}" 2>/dev/null || true)
[ "$(grep -c "^$SOURCES$" <<<"$found")" != "${#names[@]}" ] || exit 0

if ! docker image inspect "$base" >/dev/null 2>&1; then
  tar=$cache/docker/debian-$suite.tar
  if [ ! -f "$tar" ]; then
    echo "==> Making a Debian $suite base (about a minute, once)"
    root=$(mktemp -d "$cache/docker/debootstrap.XXXXXX")
    trap 'rm -rf "$root"' EXIT
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$cache/docker/debootstrap.log"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
    tar -C "$root" --numeric-owner --exclude './proc/*' --exclude './sys/*' -cf "$tar.part" .
    mv "$tar.part" "$tar"
  fi
  docker import "$tar" "$base" >/dev/null
fi

echo "==> Building the tests' images"
cd "$images"
docker buildx bake --progress "${BUILD_PROGRESS:-quiet}" --allow "fs.read=$CA_BUNDLE" all
docker image prune --force >/dev/null
