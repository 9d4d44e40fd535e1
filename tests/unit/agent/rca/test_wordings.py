# ruff: noqa: E501 - the lines are as real software writes them
"""Each failure signature finds the words that the real software writes, and names what is at fault."""

import pytest

from agent.diagnosing import shipped_patterns
from agent.domain.investigation import Document, Investigation, LogFile
from agent.rca.signatures import claims_of_patterns

LOGS = (
    ("full-collections", "GC(812) Pause Full (Allocation Failure) 2040M->2038M(2048M) 4120.112ms", "memory"),
    ("login-refused", "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')", "535"),
    ("bucket-missing", "An error occurred (NoSuchBucket) when calling the PutObject operation", "NoSuchBucket"),
    ("message-encoding", "google.protobuf.message.DecodeError: Error parsing message with type 'shop.Order'", "shop.Order"),
    ("message-encoding", "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0", "utf-8"),
    ("pooler-waits", "pgbouncer: server login failed: FATAL query_wait_timeout", "query_wait_timeout"),
    ("worker-connections", "[alert] 29#29: 1024 worker_connections are not enough while connecting to upstream", "1024"),
    ("database-crashed", "(pymysql.err.OperationalError) (2006, 'MySQL server has gone away (BrokenPipeError)')", "gone away"),
    ("statement-duration", "LOG:  duration: 18231.221 ms  statement: SELECT * FROM items", "18231"),
    ("cloud-denied", "An error occurred (AccessDenied) when calling the PutObject operation", "AccessDenied"),
    ("cloud-denied", "GET http://reviews:9080/reviews/0 -> 403 RBAC: access denied", "RBAC"),
    ("watch-limit", "Error: ENOSPC: System limit for number of file watchers reached, watch '/app/src'", "inotify"),
    ("configuration-malformed", 'level=error msg="Loading configuration file failed" err="yaml: unmarshal errors: line 12: field recievers not found"', "Loading configuration"),
    ("port-in-use", "Web server failed to start. Port 8080 was already in use.", "8080"),
    ("setting-missing", "required key SIGNING_KEY missing value", "SIGNING_KEY"),
    ("kafka-broker", "rdkafka#producer-1: 1/1 brokers are down", "brokers are down"),
    ("certificate-not-issued", "Failed to create Order: 429 urn:ietf:params:acme:error:rateLimited: too many certificates", "rateLimited"),
    ("waits-for-address", "nc: bad address 'db'", "db"),
    ("waits-for-server", "postgres:5432 - no response", "postgres"),
    ("connection-refused", "Error: socket hang up", "socket hang up"),
    ("dependency-timeout", "rpc error: code = DeadlineExceeded desc = context deadline exceeded", "deadline exceeded"),
    ("rate-limited", "I1120 10:01:11.903821 1 request.go:697] Waited for 14.9s due to client-side throttling, not priority and fairness", "throttling"),
    ("mesh-tls", "503 upstream connect error, transport failure reason: TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER", "WRONG_VERSION_NUMBER"),
    ("database-read-only", "Error 1290 (HY000): The MySQL server is running with the --super-read-only option", "super-read-only"),
    ("kafka-poll-too-slow", "WARN consumer poll timeout has expired. This means the time between subsequent calls to poll() was longer", "rebalances"),
    ("kafka-poll-too-slow", "Auto offset commit failed: CommitFailedError: Commit cannot be completed since the group", "CommitFailedError"),
    ("kafka-rebalance", "Heartbeat failed for group video because it is rebalancing", "rebalancing"),
    ("cache-memory", "redis.exceptions.OutOfMemoryError: command not allowed when used memory > 'maxmemory'.", "maxmemory"),
    ("clock-skew", "auth: Token used before issued", "clock"),
    ("clock-skew", "An error occurred (RequestTimeTooSkewed) when calling the PutObject operation", "TooSkewed"),
    ("certificate-secret-missing", 'Error getting SSL certificate "shop/shop-tls": local SSL certificate shop/shop-tls was not found. Using default certificate', "shop/shop-tls"),
    ("dns-loop", '[FATAL] plugin/loop: Loop (127.0.0.1:37121 -> :53) detected for zone "."', "DNS"),
    ("remote-server-error", "charge failed: https://api.payments.example.com/v1/charges returned 503 Service Unavailable", "api.payments.example.com"),
    ("called-server-error", "GET http://inventory:8080/stock/7 returned 502 Bad Gateway", "inventory"),
    ("configuration-malformed", 'cannot parse /etc/inventory/app.conf: line 2: pool.size: strconv.Atoi: parsing "ten"', "pool.size"),
    ("configuration-malformed", "Error: failed to unmarshal config.yaml: yaml: line 3: did not find expected key", "line 3"),
    ("configuration-value-invalid", "LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'", "LOG_LEVEL"),
    ("configuration-file-missing", "cannot read configuration: open /etc/refunds/app.conf: no such file or directory", "/etc/refunds/app.conf"),
    ("configuration-file-missing", "Error: ENOENT: no such file or directory, open '/srv/settings.json'", "/srv/settings.json"),
    ("schema-behind", "schema version 41 found, 43 or newer is needed: run the migrations first", "41"),
    ("postgres-no-database", 'FATAL:  database "orders" does not exist', "orders"),
    ("postgres-no-database", "ERROR 1049 (42000): Unknown database 'orders'", "orders"),
    ("postgres-no-role", 'FATAL:  role "app" does not exist', "app"),
    ("postgres-hba", 'FATAL: no pg_hba.conf entry for host "10.0.0.7", user "app", database "orders", no encryption', "10.0.0.7"),
    ("postgres-permission", "ERROR:  permission denied for table orders", "table orders"),
    ("database-starting", "psql: FATAL:  the database system is starting up", "starting up"),
    ("database-crashed", "LOG:  server process (PID 7) was terminated by signal 9: Killed", "signal 9"),
    ("database-disk", 'ERROR:  could not extend file "base/1/2": No space left on device', "base/1/2"),
    ("postgres-wraparound", 'ERROR: database is not accepting commands to avoid wraparound data loss in database "x"', "wraparound"),
    ("constraint-violated", 'ERROR: duplicate key value violates unique constraint "orders_pkey"', "orders_pkey"),
    ("lock-waits", "LOG:  process 12 still waiting for ShareLock on transaction 7 after 1000.1 ms", "ShareLock"),
    ("idle-in-transaction", "FATAL:  terminating connection due to idle-in-transaction timeout", "idle-in-transaction"),
    ("pool-timeout", "Error: timeout exceeded when trying to connect", "timeout exceeded"),
    ("pool-timeout", "Timed out fetching a new connection from the connection pool. (limit: 5)", "limit: 5"),
    ("hikari-stats", "HikariPool-1 - Pool stats (total=10, active=10, idle=0, waiting=37)", "37"),
    ("sql-syntax", 'ERROR:  syntax error at or near "FORM"', "FORM"),
    ("migration-tool", "Migration checksum mismatch for migration version 4", "version 4"),
    ("migration-tool", "error: Dirty database version 12. Fix and force version.", "12"),
    ("replica-lag", "ERROR: canceling statement due to conflict with recovery", "recovery"),
    ("mongo-election", "MongoServerSelectionError: Server selection timed out after 30000 ms", "30000"),
    ("redis-loading", "LOADING Redis is loading the dataset in memory", "LOADING"),
    ("redis-persistence", "Can't save in background: fork: Cannot allocate memory", "fork"),
    ("redis-protected", "-DENIED Redis is running in protected mode because protected mode is enabled", "protected"),
    ("elastic-red", "cluster_block_exception: index [x] blocked by: [FORBIDDEN/12/index read-only]", "cluster_block"),
    ("elastic-memory", "circuit_breaking_exception: [parent] Data too large", "circuit_breaking"),
    ("kafka-topic-missing", "Topic greetings not present in metadata after 60000 ms.", "greetings"),
    ("kafka-message-size", "RecordTooLargeException: The message is 2000123 bytes when serialized which is larger than 1048576", "2000123"),
    ("kafka-access", "TopicAuthorizationException: Not authorized to access topics: [orders]", "orders"),
    ("kafka-replicas", "NotEnoughReplicasException: Messages are rejected since there are fewer in-sync replicas", "NotEnough"),
    ("kafka-rebalance", "Attempt to heartbeat failed since group is rebalancing", "rebalancing"),
    ("kafka-offset", "OffsetOutOfRangeException: Offsets out of range", "OffsetOutOfRange"),
    ("kafka-disconnects", "Bootstrap broker kafka:9092 (id: -1 rack: null) disconnected", "kafka:9092"),
    ("kafka-advertised", "Couldn't resolve server kafka:9092 from bootstrap.servers as DNS resolution failed", "kafka:9092"),
    ("kafka-storage", "Shutdown broker because all log dirs in /data have failed", "/data"),
    ("kafka-quorum", "Unable to register the broker because the RPC got timed out before it could be sent.", "timed out"),
    ("schema-registry", "Schema being registered is incompatible with an earlier schema for subject orders", "incompatible"),
    ("message-json", 'UnrecognizedPropertyException: Unrecognized field "prize" (class Order)', "prize"),
    ("message-json", "json: cannot unmarshal string into Go struct field Order.qty of type int", "Order.qty"),
    ("rabbit-alarm", "Memory resource limit alarm set on node rabbit@a", "alarm"),
    ("rabbit-refused", "NOT_FOUND - no queue 'orders' in vhost '/'", "orders"),
    ("jvm-metaspace", "java.lang.OutOfMemoryError: Metaspace", "Metaspace"),
    ("jvm-no-memory", "There is insufficient memory for the Java Runtime Environment to continue.", "insufficient"),
    ("jvm-option", "Unrecognized VM option 'MaxPermSize=1g'", "MaxPermSize"),
    ("jvm-version", "UnsupportedClassVersionError: A has been compiled by a more recent version of the Java Runtime", "more recent"),
    ("spring-bean", "Failed to configure a DataSource: 'url' attribute is not specified", "DataSource"),
    ("null-pointer", 'NullPointerException: Cannot invoke "Price.cents()" because "price" is null', "Cannot invoke"),
    ("null-pointer", "TypeError: Cannot read properties of undefined (reading 'id')", "reading 'id'"),
    ("stack-overflow", "RangeError: Maximum call stack size exceeded", "call stack"),
    ("go-deadlock", "fatal error: all goroutines are asleep - deadlock!", "deadlock"),
    ("python-import", "ImportError: cannot import name 'Foo' from 'bar'", "Foo"),
    ("python-syntax", "SyntaxError: invalid syntax", "invalid syntax"),
    ("python-type", "AttributeError: module 'x' has no attribute 'y'", "attribute 'y'"),
    ("node-rejection", "[UnhandledPromiseRejection: This error originated either by throwing]", "Unhandled"),
    ("gunicorn-timeout", "[CRITICAL] WORKER TIMEOUT (pid:27)", "pid:27"),
    ("segmentation-fault", "Segmentation fault (core dumped)", "Segmentation"),
    ("thread-limit", "RuntimeError: can't start new thread", "new thread"),
    ("rejected-task", "RejectedExecutionException: Task rejected from ThreadPoolExecutor[Running, pool size = 8]", "pool size"),
    ("circuit-open", "CircuitBreaker 'kafka' is OPEN and does not permit further calls", "kafka"),
    ("rate-limited", "got 429 Too Many Requests from api.example", "429"),
    ("token-refused", "JWT is expired at 2026-01-01", "expired"),
    ("nginx-host-not-found", 'nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:8', "api"),
    (
        "nginx-upstream-refused",
        'connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.0.0.7:80/"',
        "10.0.0.7",
    ),
    ("nginx-upstream-timeout", "upstream timed out (110: Connection timed out) while reading response header", "110"),
    ("nginx-configuration", '[emerg] 1#1: unknown directive "serverr" in /etc/nginx/nginx.conf:3', "unknown directive"),
    ("body-too-large", "client intended to send too large body: 1200000 bytes", "1200000"),
    ("envoy-no-upstream", "503 UH no healthy upstream", "no healthy upstream"),
    ("dns-server", "dial tcp: lookup db.shop on 10.96.0.10:53: server misbehaving", "db.shop"),
    ("tls-name", "x509: certificate is valid for a.example, not b.example", "b.example"),
    ("tls-authority", "x509: certificate signed by unknown authority", "unknown authority"),
    ("tls-not-yet", "x509: certificate is not yet valid: current time 2026-01-01T00:00:00Z is before 2026-02-01", "before"),
    (
        "tls-expired-time",
        "x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-12-31T00:00:00Z",
        "2025-12-31",
    ),
    ("tls-files", "tls: private key does not match public key", "does not match"),
    ("network-unreachable", "dial tcp 10.0.0.7:5432: connect: network is unreachable", "10.0.0.7:5432"),
    ("port-exhausted", "dial tcp 10.0.0.7:80: connect: cannot assign requested address", "assign"),
    ("bind-permission", "bind() to 0.0.0.0:80 failed (13: Permission denied)", "0.0.0.0:80"),
    ("argo-sync", "ComparisonError: failed to load target state: app path does not exist", "app path"),
    ("helm-failed", "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", "in progress"),
    ("etcd-slow", "etcdserver: mvcc: database space exceeded", "space exceeded"),
    ("crd-missing", 'no matches for kind "Foo" in version "v1": ensure CRDs are installed first', "CRDs"),
)  # fmt: skip
EVENTS = (
    ("pull-secret-missing", "Warning  FailedToRetrieveImagePullSecret  20s (x6 over 2m)  kubelet  Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.", "regcred"),
    ("image-not-found", 'Failed: failed to resolve reference "docker.io/acme/web:9": docker.io/acme/web:9: not found', "acme/web:9"),
    ("image-refused", "pull access denied for acme/web, repository does not exist or may require authorization", "acme/web"),
    ("image-platform", "no match for platform in manifest: not found", "platform"),
    ("image-never", 'Container image "acme/web:7" is not present with pull policy of Never', "acme/web:7"),
    ("webhook-failed", 'admission webhook "policy.example" denied the request: label team is required', "label team"),
    ("pod-security", 'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false', "restricted"),
    ("limit-range-usage", "forbidden: maximum cpu usage per Container is 1, but limit is 2", "limit is 2"),
    ("quota-needs-requests", "failed quota: team: must specify limits.cpu for: web", "limits.cpu"),
    ("field-invalid", 'strict decoding error: unknown field "spec.replica"', "spec.replica"),
    ("volume-multi-attach", 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) a', "pvc-1"),
    ("volume-node-conflict", "0/3 nodes are available: 3 node(s) had volume node affinity conflict.", "affinity conflict"),
    ("mount-config", 'MountVolume.SetUp failed for volume "cfg" : configmap "web-config" not found', "web-config"),
    ("mount-key", 'MountVolume.SetUp failed for volume "cfg" : references non-existent config key: app.yml', "app.yml"),
    ("mount-timeout", "Unable to attach or mount volumes: unmounted volumes=[data], timed out", "data"),
    ("mount-path", "hostPath type check failed: /data is not a directory", "/data"),
    ("post-start-hook", "FailedPostStartHook", "PostStart"),
    ("evicted-storage", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", "1Gi"),
    ("preempted", "Preempted by pod 9f2 on node n1", "9f2"),
    ("node-drained", "0/3 nodes are available: 3 node(s) were unschedulable.", "unschedulable"),
    ("too-many-pods", "0/1 nodes are available: 1 Too many pods.", "Too many pods"),
    ("host-port", "1 node(s) didn't have free ports for the requested pod ports.", "free ports"),
    ("budget-blocks", "Cannot evict pod as it would violate the pod's disruption budget.", "disruption"),
    ("cronjob-missed", "FailedNeedsStart Cannot determine if job needs to be started: too many missed start times", "FailedNeedsStart"),
    ("load-balancer", "SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: quota", "SyncLoad"),
    ("cni-failed", 'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file', "calico"),
    ("kubelet-pleg", "PLEG is not healthy: pleg was last seen active 4m ago", "PLEG"),
    ("hpa-target", "unable to get metrics for resource cpu: no metrics returned from resource metrics API", "cpu"),
    ("run-failed", 'failed to create containerd task: OCI runtime create failed: runc: exec: "serve": executable file not found in $PATH', "serve"),
    ("vault-secret", "SecretSyncedError could not get secret data from provider", "Secret"),
)  # fmt: skip
CALM = (
    "INFO ResourceAccessExceptionMapper registered",
    "LOG:  duration: 12.221 ms  statement: SELECT 1",
    "INFO 3/3 brokers are up",
    "INFO connection pool started, total=10, active=0, idle=10, waiting=0",
    "INFO retried 0 times, no errors",
    "GET /429 200 0.003",
    "INFO topic greetings created",
    "INFO certificate is valid until 2027-01-01",
    "INFO migration 4 applied",
    "DEBUG JWT issued for user 7",
    "LOG:  database system is ready to accept connections",
    "rebalance finished, 3 partitions assigned",
)


def found(text: str, *, event: bool) -> dict[str, str]:
    log = () if event else (LogFile("shop", "logs/shop.log", (text,)),)
    body = f"Name:         shop-7d4b9c6f5d-abcde\nEvents:\n  Warning  Failed  1m  kubelet  {text}\n"
    documents = (Document("kubernetes/describe-pod.txt", body),) if event else ()
    claims = claims_of_patterns(Investigation(title="t", alert="", logs=log, kubernetes=documents), shipped_patterns())
    return {claim.rule: claim.cause for claim in claims}


@pytest.mark.parametrize(
    ("rule", "line", "named"), LOGS, ids=lambda value: value[:40] if isinstance(value, str) else value
)
def test_the_words_of_a_log_are_known(rule: str, line: str, named: str) -> None:
    causes = found(line, event=False)
    assert rule in causes, causes
    assert named in causes[rule]


@pytest.mark.parametrize(
    ("rule", "line", "named"), EVENTS, ids=lambda value: value[:40] if isinstance(value, str) else value
)
def test_the_words_of_an_event_are_known(rule: str, line: str, named: str) -> None:
    causes = found(line, event=True)
    assert rule in causes, causes
    assert named in causes[rule]


@pytest.mark.parametrize("line", CALM)
def test_calm_lines_are_no_failure(line: str) -> None:
    assert found(line, event=False) == {}
