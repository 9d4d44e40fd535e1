"""The fixers on the files of real projects, as both templates make them."""

import pytest

from agent.domain.fix import Fix, PatchFix
from agent.domain.project import ProjectFiles
from agent.fixes import FIXERS, fixes_for
from agent.fixes.project import Project
from tests.templates.rendering import ROOT, copied
from tests.unit.agent.fixes.repositories import a_cause, a_commit, a_project, after_of, changed_lines, only_fix
from tests.unit.agent.fixes.test_patches import CATEGORIES


@pytest.fixture(scope="module", params=["fastapi", "spring-boot"])
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ProjectFiles:
    """All text files of a project with every backing server."""
    answers = {"project_name": "my-service", "database": "postgres", "kafka": True, "redis": True}
    folder = copied(
        ROOT / "copier-templates" / request.param, tmp_path_factory.mktemp("project") / "my-service", answers
    )
    texts = {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}
    return a_project(texts, services=("postgres", "kafka", "redis", "app"))


def files_changed_by(fix: Fix) -> set[str]:
    """The files that the patch says it changes; a playbook changes none of the project."""
    patch = fix.action.patch if isinstance(fix.action, PatchFix) else ""
    return {line.removeprefix("+++ b/").split("\t")[0] for line in patch.splitlines() if line.startswith("+++ b/")}


def with_line(project: ProjectFiles, path: str, after: str, line: str) -> ProjectFiles:
    text = project.texts[path]
    assert after in text
    return a_project({**project.texts, path: text.replace(after, after + line, 1)}, services=project.services)


def test_every_yaml_file_of_a_project_is_read(rendered: ProjectFiles) -> None:
    read = Project(rendered).yaml
    assert {path for path in rendered.texts if path.endswith((".yaml", ".yml"))} == set(read)


@pytest.mark.parametrize("category", CATEGORIES)
def test_whatever_is_suggested_for_a_fresh_project_applies(rendered: ProjectFiles, category: str) -> None:
    quote = (
        "probe failed: timed out, connection refused; image postgres:18; KeyError: 'LOG_LEVEL'; environment variable X"
    )
    for fix in fixes_for(a_cause(category, quote), rendered):
        assert set(after_of(fix, rendered)) == files_changed_by(fix)


def test_a_memory_limit_of_compose(rendered: ProjectFiles) -> None:
    project = with_line(rendered, "compose.yaml", "    read_only: true\n", "    mem_limit: 384m # tight\n")
    fix = only_fix(a_cause("oom-killed", "killed: out of memory"), project, "raise-memory-limit")
    assert changed_lines(fix) == ["-    mem_limit: 384m # tight", "+    mem_limit: 768m # tight"]


def test_a_variable_that_a_commit_took_out_of_compose(rendered: ProjectFiles) -> None:
    line = "      KAFKA_BOOTSTRAP_SERVERS: kafka:19092\n"
    text = rendered.texts["compose.yaml"]
    assert line in text
    diff = f"--- a/compose.yaml\n+++ b/compose.yaml\n@@ -20 +20 @@\n-{line}"
    project = a_project({**rendered.texts, "compose.yaml": text.replace(line, "")}, commits=(a_commit(diff),))
    cause = a_cause("configuration-missing", "environment variable KAFKA_BOOTSTRAP_SERVERS is not set")
    assert changed_lines(only_fix(cause, project, "restore-setting")) == [f"+{line}".rstrip()]


POD = "my-service-6d4cf56db6-x2x4z"
DEPLOYMENT = "deploy/base/deployment.yaml"


def test_a_container_that_was_killed_in_a_cluster(rendered: ProjectFiles) -> None:
    cause = a_cause("oom-killed", "Reason: OOMKilled", subject=POD, path="kubernetes/describe-pods.txt")
    lines = changed_lines(only_fix(cause, rendered, "raise-memory-limit"))
    assert len(lines) == 2
    assert lines[1].strip("+ ").startswith("limits: { cpu: ")
    assert lines[1].endswith((", memory: 1Gi }", ", memory: 512Mi }"))


def test_replicas_of_every_environment_and_the_autoscaler(rendered: ProjectFiles) -> None:
    lines = changed_lines(only_fix(a_cause("load-change", subject="my-service"), rendered, "add-replicas"))
    assert lines[:2] == ["-    count: 2", "+    count: 4"]
    cause = a_cause("autoscaler", "TooManyReplicas", subject="my-service", rule="hpa-at-maximum")
    assert changed_lines(only_fix(cause, rendered, "raise-max-replicas"))[1] == "+  maxReplicas: 20"


def test_a_service_whose_selector_was_changed(rendered: ProjectFiles) -> None:
    path, right = "deploy/base/service.yaml", "  selector: { app.kubernetes.io/name: my-service }"
    assert right in rendered.texts[path]
    wrong = rendered.texts[path].replace(right, "  selector: { app.kubernetes.io/name: shop }")
    project = a_project({**rendered.texts, path: wrong})
    cause = a_cause("service-selector", "Endpoints: <none>", subject="my-service", path="kubernetes/describe.txt")
    assert changed_lines(only_fix(cause, project, "correct-selector"))[1] == f"+{right}"


def test_a_probe_whose_path_was_mistyped(rendered: ProjectFiles) -> None:
    wrong = rendered.texts[DEPLOYMENT].replace("httpGet: { path: /ready,", "httpGet: { path: /redy,")
    project = a_project({**rendered.texts, DEPLOYMENT: wrong})
    quote = "Readiness probe failed: HTTP probe failed with statuscode: 404"
    cause = a_cause("probe-failing", quote, subject=POD, path="kubernetes/events.txt")
    lines = changed_lines(only_fix(cause, project, "correct-probe-path"))
    assert lines[1] == "+            httpGet: { path: /ready, port: http }"


def test_the_connection_pool_of_the_template(rendered: ProjectFiles) -> None:
    lines = changed_lines(only_fix(a_cause("connection-pool-exhausted"), rendered, "raise-pool-size"))
    assert any(line.endswith("pool_size=20,") or line.strip("+ ") == "maximum-pool-size: 20" for line in lines)


def test_a_wrong_image_of_a_backing_server(rendered: ProjectFiles) -> None:
    text = rendered.texts["compose.yaml"].replace("postgres:18}", "postgres:81}")
    diff = (
        "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -40 +40 @@\n"
        "-    image: ${POSTGRES_IMAGE:-postgres:18}\n+    image: ${POSTGRES_IMAGE:-postgres:81}\n"
    )
    project = a_project({**rendered.texts, "compose.yaml": text}, commits=(a_commit(diff),))
    cause = a_cause("image-pull", "manifest for postgres:81 not found: manifest unknown", subject="postgres")
    assert (
        changed_lines(only_fix(cause, project, "correct-image-tag"))[1] == "+    image: ${POSTGRES_IMAGE:-postgres:18}"
    )


def test_a_slow_health_check_of_kafka(rendered: ProjectFiles) -> None:
    cause = a_cause("probe-failing", "Health check exceeded timeout (3s)", subject="kafka")
    lines = changed_lines(only_fix(cause, rendered, "raise-probe-timeout"))
    assert lines == ["-      timeout: 3s", "+      timeout: 6s"]


def test_a_pin_of_the_template(rendered: ProjectFiles) -> None:
    path = "pom.xml" if "pom.xml" in rendered.texts else "pyproject.toml"
    text = rendered.texts[path]
    if path == "pom.xml":
        start = text.index("<version>", text.index("<parent>")) + len("<version>")
        old = text[start : text.index("<", start)]
        wrong = text[:start] + "99.9.9" + text[start + len(old) :]
        quote = "Could not find artifact org.springframework.boot:spring-boot-starter-parent:pom:99.9.9 in central"
        removed = text[text.rindex("\n", 0, start) + 1 :].partition("\n")[0]
    else:
        wrong = text.replace("dependencies = [", 'dependencies = [\n  "leftpad==99.9.9",', 1)
        quote, removed = "No matching distribution found for leftpad==99.9.9", '  "leftpad==1.0.0",'
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-{removed}\n"
    project = a_project({**rendered.texts, path: wrong}, commits=(a_commit(diff),))
    lines = changed_lines(only_fix(a_cause("dependency-resolution", quote), project, "correct-pin"))
    assert lines[1] == f"+{removed}"


def test_the_cache_of_a_greeting_service(rendered: ProjectFiles) -> None:
    if "pom.xml" in rendered.texts:
        path = next(path for path in rendered.texts if path.endswith("greeting/Greetings.kt"))
        extra = "\nobject Remembered {\n    private val cache = ConcurrentHashMap<String, String>()\n}\n"
    else:
        path, extra = (
            "app/hello.py",
            "\n_cache = {}\n\n\ndef remembered(name):\n    _cache[name] = name\n    return name\n",
        )
    project = a_project({**rendered.texts, path: rendered.texts[path] + extra})
    cause = a_cause("memory-leak", "Unbounded cache", files=(f"{path}:47",))
    assert list(after_of(only_fix(cause, project, "bound-cache"), project)) == [path]


def test_every_fixer_is_listed_once() -> None:
    assert len({fixer.__name__ for fixer in FIXERS}) == len(FIXERS)
