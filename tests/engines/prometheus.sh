#!/usr/bin/env bash
# Debian's Prometheus and promtool for the tests, which start servers of their own on loopback ports that are free.
#   prometheus.sh up      install the package unless `prometheus` and `promtool` are on PATH
#   prometheus.sh down    nothing: no server is left running by this script
#   prometheus.sh status  say what there is; ends with 0 when both are there
set -euo pipefail

say() { echo "$*" >&2; }
there() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }

up() {
  if ! there; then
    if [ "$(id -u)" != 0 ] || [ ! -f /etc/debian_version ]; then
      say "error: no prometheus on PATH, and it can be installed on Debian as root only"
      say "  hint: install Prometheus and promtool"
      exit 4
    fi
    say "==> Installing prometheus"
    apt-get update -qq >&2
    # The package would start a server for all of the machine.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
  fi
  echo "export BLISSFUL_TEST_PROMETHEUS=$(command -v prometheus)"
}

status() {
  if there; then
    say "there: $(command -v prometheus)"
  else
    say "not there"
    return 1
  fi
}

case ${1:-} in
  up | status) "$1" ;;
  down) ;;
  *)
    say "usage: $0 up|down|status"
    exit 2
    ;;
esac
