#!/bin/bash
# The interface of apache/kafka: KAFKA_FOO_BAR becomes foo.bar; without any, one combined node on port 9092. CLUSTER_ID and
# KAFKA_HEAP_OPTS as there.
set -euo pipefail
properties=/opt/kafka/config/server.properties

while IFS='=' read -r -d '' name value; do
  case $name in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_LOG4J* | KAFKA_JVM* | KAFKA_JMX* | KAFKA_TOOLS_LOG4J*) ;;
    KAFKA_*)
      key=${name#KAFKA_}
      key=${key//___/-}
      key=${key//__/%}
      key=${key//_/.}
      key=${key//%/_}
      printf '%s=%s\n' "${key,,}" "$value"
      ;;
  esac
done < <(env -0) >"$properties"

[ -s "$properties" ] || cat >"$properties" <<'DEFAULTS'
node.id=1
process.roles=broker,controller
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
advertised.listeners=PLAINTEXT://localhost:9092
controller.listener.names=CONTROLLER
controller.quorum.voters=1@localhost:9093
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=/tmp/kraft-combined-logs
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
DEFAULTS

java -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/libs/*' \
  kafka.tools.StorageTool format --ignore-formatted -t "${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" -c "$properties"
read -ra heap <<<"${KAFKA_HEAP_OPTS:--Xmx256m}"
exec java "${heap[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' kafka.Kafka "$properties"
