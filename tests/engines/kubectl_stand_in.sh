#!/bin/sh
# A kubectl for tests without a cluster: prints what was recorded for its arguments, as kubectl does. `recordings` beside
# it holds one file an output, named by the arguments without the options that differ from call to call. What was not
# recorded is an error as of a server that lacks the resource.
asked=
for argument in "$@"; do
  case $argument in
    --context=* | --namespace=* | --request-timeout=* | --since-time=* | --tail=* | --timestamps) ;;
    *) asked="$asked $argument" ;;
  esac
done
recorded="$(dirname "$0")/recordings/${asked# }"
if [ -f "$recorded" ]; then
  exec cat "$recorded"
fi
echo "error: the server doesn't have a resource type \"${asked# }\"" >&2
exit 1
