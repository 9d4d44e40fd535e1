#!/usr/bin/env bash
# The main job, as a new user would do it: create, up, curl, ask the agent, down. Shows each command and its output, and
# leaves nothing behind.
set -euo pipefail

scratch=$(mktemp -d)
cleanup() {
  status=$?
  trap - EXIT
  if [ -d "$scratch/my-service" ]; then
    (cd "$scratch/my-service" && blissful-infra down --volumes --yes >/dev/null 2>&1) || true
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

jdk=0
if command -v java >/dev/null 2>&1 && command -v mvn >/dev/null 2>&1; then
  jdk=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
fi
options=(--template spring-boot --postgres --kafka)
if [ "${jdk:-0}" -lt 17 ]; then
  echo "No JDK 17 with Maven here, which Spring Boot and Kafka need: the demo uses fastapi without Kafka."
  options=(--template fastapi --postgres --no-kafka)
fi

cd "$scratch"
show blissful-infra create my-service "${options[@]}" --no-input
printf '\n$ cd my-service\n'
cd my-service
show blissful-infra up
url=$(blissful-infra status -o json |
  python -c 'import json, sys; print(next(s["url"] for s in json.load(sys.stdin)["stacks"][0]["services"] if s["name"] == "app"))')
show curl --silent --show-error --fail "$url/hello/world"
echo
show blissful-infra agent --query "show me recent logs"
show blissful-infra down
