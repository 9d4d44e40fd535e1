#!/bin/bash
# The interface of the official image: options alone mean redis-server; root becomes redis; reachable from other containers.
set -euo pipefail
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  chown redis .
  exec setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
fi
[ "$1" != redis-server ] || set -- "$@" --protected-mode no
exec "$@"
