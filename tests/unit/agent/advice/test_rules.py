"""Each rule finds its broken example, shows the line, and is silent once the example is mended."""

import pytest

from agent.advice import RULES
from agent.domain.suggestion import Priority
from tests.unit.agent.advice.projects import of_rule, suggested

PROJECT = "name: shop\ntemplate: fastapi\nslo: {p95_ms: 200}\n"
COMPOSE = """\
services:
  web:
    image: nginx:1.29
    ports: ["127.0.0.1:8080:80"]
    healthcheck: {test: [CMD, curl, localhost]}
    mem_limit: 128m
    restart: unless-stopped
    depends_on: {db: {condition: service_healthy}}
  db:
    image: postgres:18
    healthcheck: {test: [CMD, pg_isready]}
    mem_limit: 512m
    restart: unless-stopped
"""
DOCKERFILE = """\
ARG BASE=python:3.12-slim
FROM ${BASE} AS build
RUN pip install .
FROM python:3.12-slim
COPY --from=build /app /app
USER 10001
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "pass"]
ENTRYPOINT ["python", "-m", "app"]
"""
MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  template:
    metadata: {labels: {app: shop}}
    spec:
      terminationGracePeriodSeconds: 30
      securityContext: {runAsNonRoot: true}
      containers:
        - name: shop
          image: shop:1.0
          ports: [{containerPort: 80}]
          lifecycle: {preStop: {sleep: {seconds: 5}}}
          readinessProbe: {httpGet: {path: /ready, port: 80}}
          livenessProbe: {httpGet: {path: /health, port: 80}}
          securityContext: {allowPrivilegeEscalation: false}
          resources:
            requests: {cpu: 100m, memory: 64Mi}
            limits: {memory: 128Mi}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: shop}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop}
spec: {podSelector: {matchLabels: {app: shop}}}
"""
SPRING = """\
spring:
  datasource:
    url: jdbc:postgresql://db/app?socketTimeout=5
    hikari: {maximum-pool-size: 10}
  data: {redis: {host: cache, timeout: 1s}}
server: {shutdown: graceful}
resilience4j: {retry: {instances: {shop: {max-attempts: 3, wait-duration: 1s}}}}
"""
PYTHON = """\
import httpx
import requests
from sqlalchemy import create_engine
from tenacity import retry, stop_after_attempt, wait_random_exponential

engine = create_engine(url, pool_size=5, max_overflow=5)


@retry(stop=stop_after_attempt(3), wait=wait_random_exponential(max=10))
def ask():
    return requests.get("http://stock", timeout=5)


def patient():
    for attempt in range(3):
        try:
            return ask()
        except OSError:
            time.sleep(2**attempt)
"""
GO = "client := &http.Client{Timeout: time.Second}\nserver := http.Server{ReadHeaderTimeout: time.Second}\n"
WHOLE = {
    "blissful-infra.yaml": PROJECT,
    "compose.yaml": COMPOSE,
    "Dockerfile": DOCKERFILE,
    "deploy/shop.yaml": MANIFESTS,
    "src/main/resources/application.yaml": SPRING,
    "app/ask.py": PYTHON,
    "main.go": GO,
    "ops/rules.yaml": "groups: [{name: shop, rules: [{alert: TooSlow, expr: up == 0}]}]\n",
    "pyproject.toml": '[project]\ndependencies = ["requests>=2"]\n',
    "uv.lock": "",
    "db/migration/V1__start.sql": "-- blissful: reversible\ncreate table a (b int);\n",
}
COMPOSE_FILE, MANIFEST_FILE, SPRING_FILE = "compose.yaml", "deploy/shop.yaml", "src/main/resources/application.yaml"

BROKEN = [
    # rule, file, what is replaced, by what, priority, what the line shown says
    ("compose-health-check", COMPOSE_FILE, "    healthcheck: {test: [CMD, pg_isready]}\n", "", "medium", "db:"),
    ("compose-health-check", COMPOSE_FILE, "    healthcheck: {test: [CMD, curl, localhost]}\n", "", "low", "web:"),
    ("compose-memory-limit", COMPOSE_FILE, "    mem_limit: 512m\n", "", "low", "db:"),
    ("compose-restart", COMPOSE_FILE, "    mem_limit: 512m\n    restart: unless-stopped\n", "", "low", "db:"),
    ("compose-image-pin", COMPOSE_FILE, "postgres:18", "${DB_IMAGE:-postgres:latest}", "medium", "postgres:latest"),
    ("compose-image-pin", COMPOSE_FILE, "nginx:1.29", "registry.example:5000/nginx", "medium", "registry.example:5000"),
    ("compose-loopback-port", COMPOSE_FILE, "127.0.0.1:8080:80", "8080:80", "medium", '"8080:80"'),
    ("compose-loopback-port", COMPOSE_FILE, "postgres:18", "postgres:18\n    ports: ['5432:5432']", "high", "5432"),
    ("compose-loopback-port", COMPOSE_FILE, '["127.0.0.1:8080:80"]', "[{published: 80, target: 80}]", "medium", "80"),
    ("compose-privileges", COMPOSE_FILE, "nginx:1.29", "nginx:1.29\n    privileged: true", "high", "privileged: true"),
    ("compose-privileges", COMPOSE_FILE, "nginx:1.29", "nginx:1.29\n    network_mode: host", "high", "host"),
    (
        "compose-privileges", COMPOSE_FILE, "nginx:1.29", "nginx:1.29\n    volumes: ['/var/run/docker.sock:/s']",
        "high",
        "docker.sock",
    ),
    ("graceful-stop", COMPOSE_FILE, "postgres:18", "postgres:18\n    stop_signal: SIGKILL", "medium", "SIGKILL"),
    ("dockerfile-user", "Dockerfile", "USER 10001\n", "", "high", "FROM python:3.12-slim"),
    ("dockerfile-user", "Dockerfile", "USER 10001", "USER root:root", "high", "USER root"),
    ("dockerfile-base-pin", "Dockerfile", "BASE=python:3.12-slim", "BASE=python", "medium", "FROM ${BASE}"),
    ("dockerfile-health-check", "Dockerfile", 'HEALTHCHECK CMD ["python", "-c", "pass"]\n', "", "low", "EXPOSE"),
    ("dockerfile-signals", "Dockerfile", 'ENTRYPOINT ["python", "-m", "app"]', "ENTRYPOINT python -m app",
     "medium", "-m"),
    ("kubernetes-readiness-probe", MANIFEST_FILE, "readinessProbe: {", "startupProbe: {", "high", "name: shop"),
    ("kubernetes-liveness-probe", MANIFEST_FILE, "livenessProbe: {", "startupProbe: {", "medium", "name: shop"),
    ("kubernetes-memory-limit", MANIFEST_FILE, "limits: {memory: 128Mi}", "limits: {cpu: 1}", "high", "resources"),
    ("kubernetes-requests", MANIFEST_FILE, "requests: {cpu: 100m, memory: 64Mi}\n", "x: y\n", "medium", "resources"),
    ("kubernetes-image-pin", MANIFEST_FILE, "image: shop:1.0", "image: shop:latest", "high", "shop:latest"),
    ("kubernetes-image-pin", MANIFEST_FILE, "image: shop:1.0", "image: shop", "medium", "image: shop"),
    ("kubernetes-disruption-budget", MANIFEST_FILE, "maxUnavailable: 1, selector: {matchLabels: {app: shop}}",
     "selector: {matchLabels: {app: other}}", "medium", "name: shop"),
    ("kubernetes-replicas", MANIFEST_FILE, "replicas: 2", "replicas: 1", "medium", "replicas: 1"),
    ("kubernetes-security-context", MANIFEST_FILE, "runAsNonRoot: true", "runAsUser: 0", "medium", "securityContext"),
    ("kubernetes-security-context", MANIFEST_FILE, "allowPrivilegeEscalation: false",
     "allowPrivilegeEscalation: false, privileged: true", "high", "privileged"),
    ("kubernetes-security-context", MANIFEST_FILE, "      containers:",
     "      hostNetwork: true\n      containers:", "high",
     "hostNetwork"),
    ("kubernetes-network-policy", MANIFEST_FILE, "podSelector: {matchLabels: {app: shop}}",
     "podSelector: {matchLabels: {app: other}}", "medium", "name: shop"),
    ("kubernetes-grace-period", MANIFEST_FILE, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 2",
     "medium", "Seconds: 2"),
    ("kubernetes-pre-stop", MANIFEST_FILE, "lifecycle: {preStop: {sleep: {seconds: 5}}}", "x: y", "low", "name: shop"),
    ("application-timeout", SPRING_FILE, "?socketTimeout=5", "", "medium", "jdbc:postgresql"),
    ("application-timeout", SPRING_FILE, ", timeout: 1s", "", "medium", "redis"),
    ("pool-size", SPRING_FILE, "maximum-pool-size: 10", "maximumPoolSize: 60", "medium", "60"),
    ("graceful-stop", SPRING_FILE, "shutdown: graceful", "shutdown: immediate", "medium", "immediate"),
    ("retry-backoff", SPRING_FILE, ", wait-duration: 1s", "", "medium", "max-attempts"),
    ("unbounded-pool", SPRING_FILE, "timeout: 1s", "timeout: 1s, lettuce: {pool: {max-active: -1}}", "medium", "-1"),
    ("code-timeout", "app/ask.py", ", timeout=5", "", "medium", "requests.get"),
    ("code-timeout", "app/ask.py", 'requests.get("http://stock", timeout=5)', "httpx.Client(timeout=None)",
     "medium", "None"),
    ("unbounded-pool", "app/ask.py", "max_overflow=5", "max_overflow=-1", "medium", "create_engine"),
    ("retry-backoff", "app/ask.py", ", wait=wait_random_exponential(max=10)", "", "medium", "@retry"),
    ("retry-backoff", "app/ask.py", "time.sleep(2**attempt)", "continue", "medium", "for attempt"),
    ("code-timeout", "main.go", "&http.Client{Timeout: time.Second}", "&http.Client{}", "medium", "http.Client{}"),
    ("code-timeout", "main.go", "client :=", 'http.ListenAndServe(":80", nil)\nclient :=', "medium", "ListenAndServe"),
    ("dependency-lock", "pyproject.toml", "[project]", "[project]\nname='x'", None, ""),
    ("migration-mark", "db/migration/V1__start.sql", "-- blissful: reversible\n", "", "medium", "create table"),
    ("service-objectives", "blissful-infra.yaml", "slo: {p95_ms: 200}\n", "", "medium", "name: shop"),
    ("alert-rules", "ops/rules.yaml", "alert: TooSlow", "record: slow", "low", "slo:"),
    ("database-backup", "blissful-infra.yaml", "slo:", "backing: {postgres: {version: '18'}}\nslo:", "low", "postgres"),
    ("committed-secret", "blissful-infra.yaml", "slo:", "x: -----BEGIN RSA PRIVATE KEY-----\nslo:", "high",
     "PRIVATE KEY"),
    ("committed-secret", SPRING_FILE, "hikari:", "password: hunter22\n    hikari:", "high", "password: ********"),
    ("committed-secret", "app/ask.py", "import requests", "import requests\nKEY = 'AKIAIOSFODNN7EXAMPLE'",
     "high", "KEY = '********"),
]  # fmt: skip


def test_the_whole_example_has_nothing_to_suggest() -> None:
    assert [(one.rule, one.title) for one in suggested(WHOLE)] == []


@pytest.mark.parametrize(
    ("rule", "file", "before", "after", "priority", "quote"), BROKEN, ids=lambda value: str(value)[:24]
)
def test_a_broken_example_is_found_at_its_line(
    rule: str, file: str, before: str, after: str, priority: str | None, quote: str
) -> None:
    assert before in WHOLE[file]
    found = of_rule(rule, {**WHOLE, file: WHOLE[file].replace(before, after, 1)})
    if priority is None:
        assert found == ()
        return
    assert [one.priority for one in found] == [Priority(priority)]
    shown = found[0].evidence[0]
    assert quote in shown.quote
    if shown.place == file and "*" not in shown.quote:
        line = WHOLE[file].replace(before, after, 1).splitlines()[(shown.line or 0) - 1]
        assert shown.quote == line.strip()[:200]


@pytest.mark.parametrize("files", [{"pyproject.toml": WHOLE["pyproject.toml"]}, {"requirements.txt": "flask>=3\n"},
                                   {"package.json": '{"dependencies": {"express": "^5"}}'},
                                   {"go.mod": "module a\n\nrequire b v1.0.0\n"},
                                   {"pom.xml": "<dependencies>\n<version>[1,2)</version></dependencies>"}])  # fmt: skip
def test_dependencies_without_a_lock_are_found(files: dict[str, str]) -> None:
    assert [one.priority for one in of_rule("dependency-lock", files)] == [Priority.MEDIUM]


def test_a_lock_in_a_folder_above_counts() -> None:
    files = {"services/a/package.json": '{"dependencies": {"express": "^5"}}', "package-lock.json": "{}"}
    assert of_rule("dependency-lock", files) == ()


def test_what_a_kustomization_pins_labels_and_scales_is_no_gap() -> None:
    overlay = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images: [{name: shop, newTag: "1.0"}]
replicas: [{name: shop, count: 3}]
labels: [{pairs: {team: a}}]
"""
    manifests = MANIFESTS.replace("image: shop:1.0", "image: shop").replace("replicas: 2", "replicas: 1")
    manifests = manifests.replace("podSelector: {matchLabels: {app: shop}}", "podSelector: {matchLabels: {team: a}}")
    assert suggested({**WHOLE, MANIFEST_FILE: manifests, "deploy/kustomization.yaml": overlay}) == ()


def test_a_variable_of_a_librarys_name_is_not_the_library() -> None:
    assert suggested({"app/count.py": "requests = {}\nurlopen = print\nrequests.get('a')\nurlopen('b')\n"}) == ()


def test_a_patch_without_images_is_no_workload() -> None:
    spec = "{template: {spec: {containers: [{name: a}]}}}"
    patch = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop}}\nspec: {spec}\n"
    assert suggested({"deploy/patch.yaml": patch}) == ()


def test_tests_and_examples_are_left_alone() -> None:
    files = {f"{folder}/Dockerfile": "FROM a\nEXPOSE 1\n" for folder in ("tests", "a/examples", "vendor/x")}
    assert suggested(files) == ()


def test_an_uncommitted_secret_is_nobodys_business() -> None:
    from agent.advice import Remembered, material_of, suggestions_of
    from agent.domain.project_files import ProjectFiles

    texts = {".env": "PASSWORD=hunter22\n"}
    for committed, count in ((frozenset(), 0), (frozenset({".env"}), 1), (None, 1)):
        found = suggestions_of(material_of(ProjectFiles(texts, committed), Remembered(), ()))
        assert len(found) == count


def test_every_rule_has_a_file_of_its_name() -> None:
    import importlib

    for rule in RULES:
        assert getattr(importlib.import_module(f"agent.advice.rules.{rule.__name__}"), rule.__name__) is rule
