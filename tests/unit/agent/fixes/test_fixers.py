"""Each fixer changes the value at fault and nothing else, and keeps silent where it cannot know the value."""

from collections.abc import Mapping

import pytest

from agent.domain.claim import Claim
from agent.domain.fix import PlaybookFix, Risk
from agent.fixes import fixes_for
from tests.unit.agent.fixes.manifests import DEPLOYMENT, INGRESS, KUSTOMIZATION, SERVICE
from tests.unit.agent.fixes.repositories import a_cause, a_commit, a_project, after_of, changed_lines, only_fix

K8S = {"k8s/deployment.yaml": DEPLOYMENT, "k8s/service.yaml": SERVICE, "k8s/ingress.yaml": INGRESS}
OVERLAY = {"k8s/overlays/staging/kustomization.yaml": KUSTOMIZATION}


def lines_of(cause: Claim, texts: Mapping[str, str], id_: str, **given: object) -> list[str]:
    return changed_lines(only_fix(cause, a_project(texts, **given), id_))


def ids_of(cause: Claim, texts: Mapping[str, str], **given: object) -> list[str]:
    return [fix.id for fix in fixes_for(cause, a_project(texts, **given))]


def test_a_memory_limit_is_doubled_and_its_comment_stays() -> None:
    cause = a_cause(
        "oom-killed", "Reason: OOMKilled", subject="app-6d4cf56db6-x2x4z", path="kubernetes/describe-pods.txt"
    )
    assert lines_of(cause, K8S, "raise-memory-limit") == [
        "-            memory: 512Mi   # measured in May",
        "+            memory: 1Gi   # measured in May",
    ]


def test_compose_limits_and_heaps_are_raised_where_they_stand() -> None:
    compose = (
        "services:\n  app:\n    build: .\n    mem_limit: 256m # small\n"
        "    environment: {JAVA_OPTS: '-Xmx192m -Xss1m'}\n"
        "  kafka:\n    mem_limit: 512m\n    environment: {KAFKA_HEAP_OPTS: -Xmx256m}\n"
    )
    cause = a_cause("oom-killed", "java.lang.OutOfMemoryError: Java heap space")
    texts = {"compose.yaml": compose}
    assert lines_of(cause, texts, "raise-memory-limit")[1] == "+    mem_limit: 512m # small"
    assert lines_of(cause, texts, "raise-heap")[1] == "+    environment: {JAVA_OPTS: '-Xmx384m -Xss1m'}"


@pytest.mark.parametrize(
    ("quote", "id_", "added"),
    [
        ("Liveness probe failed: HTTP probe failed with statuscode: 404", "correct-probe-path",
         ["+          httpGet: {path: /health, port: 8081}"]),
        ("Readiness probe failed: HTTP probe failed with statuscode: 404", "correct-probe-path",
         ["+            path: /ready"]),
        ("Liveness probe failed: dial tcp 10.0.0.7:8081: connect: connection refused", "correct-probe-port",
         ["+          httpGet: {path: /healthz, port: 8080}"]),
        ("Readiness probe failed: context deadline exceeded (Client.Timeout exceeded)", "raise-probe-timeout",
         ["+          timeoutSeconds: 3"]),
        ("Liveness probe failed: connection refused", "raise-probe-delay",
         ["+          initialDelaySeconds: 30"]),
    ],
)  # fmt: skip
def test_a_probe_gets_what_its_failure_asks_for(quote: str, id_: str, added: list[str]) -> None:
    texts = {**K8S, "blissful-infra.yaml": "name: my-app\ntemplate: fastapi\nservices:\n  app: {health: /health}\n"}
    lines = lines_of(a_cause("probe-failing", quote, path="kubernetes/events.txt"), texts, id_)
    assert [line for line in lines if line.startswith("+")] == added


def test_a_health_check_of_compose_gets_more_time() -> None:
    compose = "services:\n  app:\n    build: .\n    healthcheck:\n      test: [CMD, x]\n      timeout: 3s\n"
    cause = a_cause("probe-failing", "Health check exceeded timeout (3s)")
    assert lines_of(cause, {"compose.yaml": compose}, "raise-probe-timeout") == [
        "-      timeout: 3s",
        "+      timeout: 6s",
    ]


def test_a_wrong_tag_becomes_the_one_that_a_commit_replaced() -> None:
    diff = (
        "--- a/k8s/deployment.yaml\n+++ b/k8s/deployment.yaml\n@@ -17 +17 @@\n"
        '-        image: "registry.example/team/app:1.3.9"\n+        image: "registry.example/team/app:1.4.1"\n'
    )
    cause = a_cause("image-pull", 'Failed to pull image "registry.example/team/app:1.4.1": not found')
    lines = lines_of(cause, K8S, "correct-image-tag", commits=(a_commit(diff),))
    assert lines[1] == '+        image: "registry.example/team/app:1.3.9"   # set by the pipeline'


def test_a_wrong_tag_of_an_overlay_becomes_the_former_one() -> None:
    path = next(iter(OVERLAY))
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -4 +4 @@\n-  newTag: 1.3.9\n+  newTag: 1.4.1\n"
    cause = a_cause("image-pull", 'Back-off pulling image "registry.example/team/app:1.4.1"')
    assert lines_of(cause, OVERLAY, "correct-image-tag", commits=(a_commit(diff),)) == [
        "-  newTag: 1.4.1",
        "+  newTag: 1.3.9",
    ]


def test_a_tag_nobody_knows_gives_no_fix() -> None:
    assert ids_of(a_cause("image-pull", 'Failed to pull image "registry.example/team/app:1.4.1"'), K8S) == []


def test_a_default_in_compose_keeps_its_variable() -> None:
    compose = "services:\n  db:\n    image: ${POSTGRES_IMAGE:-postgres:81} # ours\n"
    diff = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -3 +3 @@\n-    image: ${POSTGRES_IMAGE:-postgres:18} # ours\n"
    cause = a_cause("image-pull", "manifest for postgres:81 not found", subject="db")
    lines = lines_of(cause, {"compose.yaml": compose}, "correct-image-tag", commits=(a_commit(diff),))
    assert lines[1] == "+    image: ${POSTGRES_IMAGE:-postgres:18} # ours"


def test_a_removed_setting_comes_back() -> None:
    compose = "services:\n  app:\n    build: .\n    environment:\n      LOG_LEVEL: info # quiet\n    init: true\n"
    diff = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -5,2 +5 @@\n-      GREETING: 'yes' # polite\n"
    cause = a_cause("configuration-missing", "KeyError: 'GREETING'")
    lines = lines_of(cause, {"compose.yaml": compose}, "restore-setting", commits=(a_commit(diff),))
    assert lines == ['+      GREETING: "yes"']


def test_a_setting_that_another_file_has_is_added_with_more_caution() -> None:
    texts = {**K8S, ".env.example": "FEATURE_X=on\n"}
    fix = only_fix(
        a_cause("configuration-missing", "environment variable FEATURE_X is not set"), a_project(texts), "add-setting"
    )
    assert changed_lines(fix) == ["+        - name: FEATURE_X", '+          value: "on"']
    assert fix.risk is Risk.MEDIUM


def test_the_value_of_a_secret_is_never_copied() -> None:
    texts = {**K8S, "prod.env.example": "API_TOKEN=abc123\n"}
    assert ids_of(a_cause("configuration-missing", "environment variable API_TOKEN is not set"), texts) == []


def test_a_misspelt_key_of_a_config_map_is_corrected() -> None:
    cause = a_cause("configuration-missing", "Error: couldn't find key DATABASE_URI in ConfigMap default/app-config")
    lines = lines_of(cause, K8S, "correct-setting-name")
    assert lines[1] == "+          valueFrom: {configMapKeyRef: {name: app-config, key: DATABASE_URL}}"


def test_a_key_that_was_removed_returns_to_its_config_map() -> None:
    diff = "--- a/k8s/service.yaml\n+++ b/k8s/service.yaml\n@@ -9 +9 @@\n-  MODE: fast\n"
    cause = a_cause("configuration-missing", "couldn't find key MODE in ConfigMap default/app-config")
    assert lines_of(cause, K8S, "restore-setting", commits=(a_commit(diff),)) == ["+  MODE: fast"]


def test_a_setting_goes_into_the_config_map_that_the_container_reads() -> None:
    deployment = DEPLOYMENT.replace(
        "        env:\n", "        envFrom: [{configMapRef: {name: app-config}}]\n        env:\n"
    )
    texts = {**K8S, "k8s/deployment.yaml": deployment, ".env.example": "FEATURE_X=on\n"}
    cause = a_cause("configuration-missing", "environment variable FEATURE_X is not set")
    assert lines_of(cause, texts, "add-setting") == ['+  FEATURE_X: "on"']


def test_a_placeholder_returns_to_the_application_yaml() -> None:
    texts = {"src/main/resources/application.yaml": "server:\n  port: 8080\n"}
    diff = "--- a/src/main/resources/application.yaml\n+++ b/x\n@@ -1 +1 @@\n-greeting.word: hello\n"
    cause = a_cause("configuration-missing", "Could not resolve placeholder 'greeting.word' in value")
    assert lines_of(cause, texts, "restore-setting", commits=(a_commit(diff),)) == ["+greeting.word: hello"]


INVALID = "LOG_LEVEL: Input should be 'debug', 'info' or 'warning' [type=literal_error]"


def test_a_value_that_is_not_accepted_is_the_one_before_again() -> None:
    texts = {"k8s/deployment.yaml": DEPLOYMENT.replace("value: info", "value: verbose  # louder")}
    diff = (
        "--- a/k8s/deployment.yaml\n+++ b/k8s/deployment.yaml\n@@ -24,2 +24,2 @@\n         - name: LOG_LEVEL\n"
        "-          value: info\n+          value: verbose  # louder\n"
    )
    cause = a_cause("configuration-invalid", INVALID)
    assert lines_of(cause, texts, "restore-value", commits=(a_commit(diff),)) == [
        "-          value: verbose  # louder",
        "+          value: info  # louder",
    ]
    assert "correct-value" not in ids_of(cause, texts)


@pytest.mark.parametrize(
    ("environment", "changed"),
    [("environment: {LOG_LEVEL: warnin}", "environment: {LOG_LEVEL: warning}"),
     ("environment: ['LOG_LEVEL=warnin']", "environment: ['LOG_LEVEL=warning']")],
)  # fmt: skip
def test_a_value_spelt_almost_like_an_accepted_one_is_corrected(environment: str, changed: str) -> None:
    texts = {"compose.yaml": f"services:\n  app:\n    image: app\n    {environment}\n"}
    cause = a_cause("configuration-invalid", INVALID)
    assert lines_of(cause, texts, "correct-value") == [f"-    {environment}", f"+    {changed}"]


def test_a_value_like_none_that_is_accepted_is_left_to_people() -> None:
    texts = {"compose.yaml": "services:\n  app:\n    image: app\n    environment: {LOG_LEVEL: '7'}\n"}
    assert ids_of(a_cause("configuration-invalid", INVALID), texts) == []


def test_the_former_value_of_a_secret_is_never_written() -> None:
    texts = {"compose.yaml": "services:\n  app:\n    image: app\n    environment: {API_TOKEN: a}\n"}
    diff = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -4 +4 @@\n-      API_TOKEN: b\n"
    cause = a_cause("configuration-invalid", "invalid value for environment variable API_TOKEN")
    assert ids_of(cause, texts, commits=(a_commit(diff),)) == []


def test_a_target_port_that_nobody_listens_on_is_corrected() -> None:
    assert lines_of(a_cause("port-mismatch", "targetPort 9090"), K8S, "correct-target-port")


def test_of_equally_good_fixes_the_one_that_the_pattern_names_goes_first() -> None:
    cause = a_cause("service-selector", "Endpoints: <none>", path="kubernetes/describe-services.txt")
    assert ids_of(cause, K8S)[:2] == ["correct-selector", "correct-target-port"]
    named = a_cause("service-selector", "Endpoints: <none>", path="kubernetes/a.txt", fixes=("correct-target-port",))
    assert ids_of(named, K8S)[:2] == ["correct-target-port", "correct-selector"]


def test_a_service_selects_the_labels_of_its_pods_and_their_port() -> None:
    cause = a_cause("service-selector", "Endpoints: <none>", path="kubernetes/describe-services.txt")
    assert lines_of(cause, K8S, "correct-selector")[1] == "+  selector: {app.kubernetes.io/name: app}"
    assert lines_of(cause, K8S, "correct-target-port")[1] == "+  - {name: http, port: 80, targetPort: 8080}"


def test_an_ingress_leads_to_the_service_there_is() -> None:
    cause = a_cause("ingress-backend", '<error: services "ap" not found>', path="kubernetes/describe-ingress.txt")
    assert lines_of(cause, K8S, "correct-ingress-backend")[1].endswith(
        "backend: {service: {name: app, port: {number: 80}}}"
    )


def test_pools_are_enlarged_where_they_are_set_or_begun() -> None:
    texts = {
        "src/main/resources/application.yaml": "spring:\n  datasource:\n    hikari:\n      minimum-idle: 2 # few\n",
        "app/database.py": "engine = create_engine(url, pool_size=10, pool_timeout=1)\n",
        "tests/test_database.py": "engine = create_engine(url, pool_size=1)\n",
    }
    lines = lines_of(a_cause("connection-pool-exhausted"), texts, "raise-pool-size")
    assert lines == [
        "-engine = create_engine(url, pool_size=10, pool_timeout=1)",
        "+engine = create_engine(url, pool_size=20, pool_timeout=1)",
        "+      maximum-pool-size: 20",
    ]


def test_replicas_and_an_autoscalers_maximum_are_doubled() -> None:
    head = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: app}\n"
    scaler = f"{head}spec: {{minReplicas: 1, maxReplicas: 4}}\n"
    texts = {**K8S, **OVERLAY, "k8s/hpa.yaml": scaler}
    assert lines_of(a_cause("load-change"), texts, "add-replicas") == [
        "-  replicas: 2", "+  replicas: 4", "-  count: 3", "+  count: 6",
    ]  # fmt: skip
    at_most = a_cause("autoscaler", "TooManyReplicas", rule="hpa-at-maximum")
    assert lines_of(at_most, texts, "raise-max-replicas")[1].endswith("maxReplicas: 8}")


@pytest.mark.parametrize(
    ("path", "text", "quote", "added"),
    [
        ("requirements.txt", "fastapi==0.115.0\nhttpx==0.99.0 # client\n",
         "Could not find a version that satisfies the requirement httpx==0.99.0 (from versions: 0.27.2, 0.28.1, 1.0.0)",
         "+httpx==0.28.1 # client"),
        ("pyproject.toml", '[project]\nname = "x"\ndependencies = ["Http.X==9", "b"]\n',
         "ERROR: No matching distribution found for http-x==9 (from versions: 1, 2)",
         '+dependencies = ["Http.X==2", "b"]'),
    ],
)  # fmt: skip
def test_a_pin_becomes_the_nearest_version_that_exists(path: str, text: str, quote: str, added: str) -> None:
    assert lines_of(a_cause("dependency-resolution", quote), {path: text}, "correct-pin")[1] == added


def test_a_pin_becomes_what_a_commit_replaced() -> None:
    package = '{\n  "dependencies": {\n    "left-pad": "^9.1.0"\n  }\n}\n'
    diff = '--- a/package.json\n+++ b/package.json\n@@ -3 +3 @@\n-    "left-pad": "^1.3.0"\n+    "left-pad": "^9.1.0"\n'
    quote = "npm error notarget No matching version found for left-pad@^9.1.0."
    texts = {"package.json": package, "package-lock.json": "{}"}
    fix = only_fix(a_cause("dependency-resolution", quote), a_project(texts, commits=(a_commit(diff),)), "correct-pin")
    assert changed_lines(fix)[1] == '+    "left-pad": "^1.3.0"'
    assert "package-lock.json" in fix.why
    assert fix.risk is Risk.MEDIUM


def test_the_version_of_a_maven_property_is_corrected() -> None:
    pom = (
        "<project>\n  <properties>\n    <tool.version>9.9</tool.version>\n  </properties>\n"
        "  <dependencies>\n    <dependency>\n"
        "      <groupId>g</groupId>\n      <artifactId>tool</artifactId>\n      <version>${tool.version}</version>\n"
        "    </dependency>\n  </dependencies>\n</project>\n"
    )
    diff = "--- a/pom.xml\n+++ b/pom.xml\n@@ -3 +3 @@\n-    <tool.version>1.2</tool.version>\n"
    cause = a_cause("dependency-resolution", "Could not find artifact g:tool:jar:9.9 in central")
    lines = lines_of(cause, {"pom.xml": pom}, "correct-pin", commits=(a_commit(diff),))
    assert lines == ["-    <tool.version>9.9</tool.version>", "+    <tool.version>1.2</tool.version>"]


def test_a_file_with_hashes_is_left_to_its_own_tool() -> None:
    text = "httpx==0.99.0 \\\n    --hash=sha256:00\n"
    quote = "No matching distribution found for httpx==0.99.0 (from versions: 0.28.1)"
    assert ids_of(a_cause("dependency-resolution", quote), {"requirements.txt": text}) == []


def test_a_culprit_is_taken_back_where_that_still_applies() -> None:
    texts = {"app.py": "limit = 1\n"}
    patch = "diff --git a/app.py b/app.py\n--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n-limit = 1\n+limit = 100\n"
    sha = "abc1234" + "0" * 33
    project = a_project(texts, commits=(a_commit("", sha, "Lower the limit"),), reversals={sha: patch})
    fix = only_fix(a_cause("unbounded-query", commit="abc1234"), project, "revert-commit")
    assert after_of(fix, project) == {"app.py": "limit = 100\n"}
    assert fix.title == "Revert abc1234 (Lower the limit)"
    assert fix.risk is Risk.MEDIUM
    assert ids_of(a_cause("unbounded-query", commit="none"), texts) == []


def test_playbooks_are_for_the_services_of_the_local_stack() -> None:
    services = ("postgres", "app")
    fixes = fixes_for(a_cause("dependency-unreachable", subject="postgres"), a_project({}, services=services))
    assert [(fix.id, fix.action) for fix in fixes] == [
        ("bring-up", PlaybookFix(playbook="up.yml")),
        ("restart-service", PlaybookFix(playbook="fix_restart.yml", variables={"local_stack_restart": "postgres"})),
    ]
    assert ids_of(a_cause("service-down", subject="app"), {}, services=services) == ["bring-up", "restart-service"]
    assert ids_of(a_cause("port-conflict"), {}, services=services) == ["move-ports"]
    of_a_cluster = a_cause("crash-loop", path="kubernetes/events.txt")
    assert ids_of(of_a_cluster, {}, services=services) == []
    assert ids_of(a_cause("crash-loop"), {}) == []
