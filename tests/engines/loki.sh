#!/usr/bin/env bash
# A real Loki for the tests, on loopback ports that are free.
#   loki.sh build   build it, where it is missing
#   loki.sh up      start it; the first time builds it from source (Go, 5 to 14 minutes) unless a `loki` is on PATH
#   loki.sh down    stop it; leaves nothing but the cache
#   loki.sh status  say what there is; ends with 0 when it runs
# loki_build/go.mod and go.sum pin what is built; loki_build/local.yaml is its configuration.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}/loki
version=$(sed -n 's#^\tgithub.com/grafana/loki/v3 \(v[0-9.]*\).*#\1#p' "$here/loki_build/go.mod")
run=$cache/run
PATH=$cache/$version:$PATH:/usr/local/go/bin

say() { echo "$*" >&2; }
fail() {
  say "error: $1"
  say "  hint: $2"
  exit 4
}
running() { [ -s "$run/pid" ] && kill -0 "$(<"$run/pid")" 2>/dev/null && [ -s "$run/url" ]; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

build() {
  local work
  ! command -v loki >/dev/null || return 0
  command -v go >/dev/null || fail "neither loki nor Go is there" "install one of them: https://go.dev/dl"
  say "==> Building Loki $version (5 to 14 minutes, once)"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/build.XXXXXX")
  cp "$here/loki_build/go.mod" "$here/loki_build/go.sum" "$work"
  if ! (cd "$work" && nice -n 10 go build -ldflags "-s -w" -o loki github.com/grafana/loki/v3/cmd/loki >&2); then
    rm -r "$work"
    fail "Loki was not built" "the lines above say why"
  fi
  mkdir -p "$cache/$version"
  mv "$work/loki" "$cache/$version/loki"
  rm -r "$work"
}

up() {
  local port
  if ! running; then
    build
    [ ! -d "$run" ] || stop # what a crash left
    mkdir -p "$run"
    port=$(free_port)
    sed -e "s/GRPC_PORT/$(free_port)/" -e "s/PORT/$port/" "$here/loki_build/local.yaml" >"$run/loki.yaml"
    say "==> Starting Loki"
    (cd "$run" && exec setsid loki -config.file=loki.yaml </dev/null >"$run/log" 2>&1 9>&-) &
    echo $! >"$run/pid"
    for _ in $(seq 300); do
      if ! kill -0 "$(<"$run/pid")" 2>/dev/null; then
        tail -n 20 "$run/log" >&2
        rm -r "$run"
        fail "Loki ended" "the lines above say why"
      fi
      if curl --silent --fail --noproxy '*' --max-time 2 "http://127.0.0.1:$port/ready" >/dev/null; then
        echo "http://127.0.0.1:$port" >"$run/url"
        break
      fi
      sleep 0.2
    done
    running || {
      tail -n 20 "$run/log" >&2
      stop
      fail "Loki did not become ready within a minute" "the lines above say why"
    }
  fi
  echo "export BLISSFUL_TEST_LOKI=$(<"$run/url")"
}

stop() {
  local pid
  pid=$(cat "$run/pid" 2>/dev/null || true)
  if [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null; then
    for _ in $(seq 50); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
  fi
  rm -rf "$run"
}

status() {
  if running; then
    say "running: $(<"$run/url")"
  else
    say "not running"
    return 1
  fi
}

case ${1:-} in
  build | up | status) "$1" ;;
  down) [ ! -d "$run" ] || stop ;;
  *)
    say "usage: $0 build|up|down|status"
    exit 2
    ;;
esac
