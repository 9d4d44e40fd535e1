"""Previews on a real cluster: made through both doors, reached, listed, kept, reaped and deleted."""

import base64
import json
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from blissful_infra.delivery.previews.preview import Preview, Subject
from blissful_infra.delivery.previews.previews import ForeignNamespaceError, Previews, TooManyPreviewsError
from blissful_infra.settings.reading import load_project
from tests.delivery.conftest import INSIDE, Project, a_project, kubectl, needs_a_registry
from tests.delivery.test_deploying import play
from tests.engines.postgres_image import put_postgres
from tests.ports import free_ports
from tests.schemas import check_against_schema
from tests.templates.rendering import git

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

LONG_AGO = "blissful-infra.dev/last-used=2020-01-01T00:00:00Z"


def with_previews(folder: Path, *, database: str = "none", **settings: Any) -> tuple[Project, str]:
    """A project with previews, and its name: no other run's namespaces are called so."""
    needs_a_registry()
    name = f"shop-{uuid.uuid4().hex[:6]}"
    found = a_project(folder, name=name, administrator=True, database=database)
    previews = {
        "cluster": kubectl("config", "current-context").strip(),
        "domain": f"{os.environ.get('BLISSFUL_TEST_INGRESS') or '127.0.0.1'}.nip.io",
        **settings,
    }
    with (found.folder / "blissful-infra.yaml").open("a") as file:
        file.write(f"previews: {json.dumps(previews)}\n")
    return found, name


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose commands have the rights of deploy/rbac/previews, and no others."""
    folder = tmp_path_factory.mktemp("previews")
    found, name = with_previews(folder / "project")
    rights = ["-k", str(found.folder / "deploy" / "rbac" / "previews")]
    kubectl("apply", *rights)
    token = kubectl("-n", f"{name}-previews", "create", "token", f"{name}-deployer", "--duration=1h").strip()
    yield Project(found.folder, found.namespace, kubeconfig_of(token, folder / "limited"))
    kubectl("delete", "namespace", "--wait=false", "-l", f"blissful-infra.dev/project={name}")
    kubectl("delete", "--wait=false", *rights)


def kubeconfig_of(token: str, path: Path) -> Path:
    settings = yaml.safe_load(kubectl("config", "view", "--raw", "--minify"))
    settings["users"][0]["user"] = {"token": token}
    path.write_text(yaml.safe_dump(settings))
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Project]:
    """A project of its own, whose previews are namespaces with nothing in them: made and gone in a second."""
    found, name = with_previews(tmp_path / "project", max=3)
    yield found
    kubectl("delete", "namespace", "--wait=false", "-l", f"blissful-infra.dev/project={name}")
    kubectl("delete", "clusterrole,clusterrolebinding", name, "--ignore-not-found")


def opened(project: Project, *numbers: int) -> list[Preview]:
    previews = Previews(load_project(project.folder / "blissful-infra.yaml"))
    subjects = [Subject(pr=number) for number in numbers]
    found = [previews.open(each, owner="ada", ttl=None, now=time.time(), timeout_s=60) for each in subjects]
    return [each for each in found if each is not None]


def age(*previews: Preview) -> None:
    for each in previews:
        kubectl("annotate", "--overwrite", "namespace", each.namespace, LONG_AGO)


def data(project: Project, schema: str, *words: str, code: int = 0, **variables: Any) -> dict[str, Any]:
    done = project.call(*words, "-o", "json", **variables)
    assert (done.returncode, bool(done.stdout)) == (code, True), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    check_against_schema(schema, found)
    return found


def listed(project: Project) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in data(project, "env-list.v1", "env", "list")["previews"]}


def test_previews_come_through_both_doors_are_reached_used_kept_and_reaped(project: Project) -> None:
    first = project.image()
    git(project.folder, "branch", "feature/Login")
    dry = data(project, "env-create.v1", "env", "create", "--branch", "feature/Login", "--image", first, "--dry-run")
    assert (dry["preview"], {each["change"] for each in dry["changes"]}) == (None, {"create"})

    words = ["--branch", "feature/Login", "--image", first, "--ref", "HEAD", "--owner", "ada", "--ttl", "2h"]
    done = data(project, "env-create.v1", "env", "create", *words)
    login = done["preview"]
    assert (login["branch"], login["owner"], login["health"]) == ("feature/Login", "ada", "healthy")
    assert (login["revision"], done["release"]["verdict"]) == (project.revisions[0], "served")
    kinds = kubectl("-n", login["namespace"], "get", "ingress,resourcequota,limitrange", "-o", "name")
    assert len(kinds.split()) == 3

    image = project.image()
    same_slug = ["-e", "previews_branch=feature-login", "-e", f"previews_image={image}", "-e", "previews_ref=HEAD"]
    checked = play("env_create", project, *same_slug, "--check")
    assert checked.returncode == 0, checked.stdout
    assert len(listed(project)) == 1
    played = play("env_create", project, *same_slug)
    assert played.returncode == 0, played.stdout
    found = listed(project)
    other = next(each for each in found.values() if each["branch"] == "feature-login")
    assert (len(found), other["revision"]) == (2, project.revisions[1])
    assert other["url"] in played.stdout
    assert (found[login["name"]]["revision"], found[login["name"]]["health"]) == (project.revisions[0], "healthy")
    assert 7000 < found[login["name"]]["ttl_left_s"] <= 7200
    everything = data(project, "environments.v1", "status", "--envs")
    assert {each["name"] for each in everything["previews"]} == set(found)
    assert login["name"] in play("env_list", project).stdout

    _is_reached(login["url"], login["namespace"], project)
    _is_judged_by_its_use(project, login, other)

    back = project.call("deploy", "--env", login["environment"], "--image", image, "--ref", "HEAD")
    assert (back.returncode, "Release 2 of" in back.stderr) == (0, True), back.stderr
    kubectl("annotate", "--overwrite", "namespace", login["namespace"], LONG_AGO)
    logs = project.call("logs", "--env", login["environment"])
    assert (logs.returncode, "serving" in logs.stdout) == (0, True), logs.stderr
    assert listed(project)[login["name"]]["ttl_left_s"] > 7000
    again = play("env_delete", project, "-e", "previews_branch=feature-login")
    assert again.returncode == 0, again.stdout
    kept = data(
        project, "env-create.v1", "env", "create", "--branch", "feature/Login", "--image", image, "--ref", "HEAD"
    )
    assert (kept["preview"]["revision"], kept["preview"]["keep"]) == (project.revisions[1], True)
    assert (kept["release"]["number"], kept["preview"]["last_used_s"] < 60) == (3, True)


def _is_reached(url: str, namespace: str, project: Project) -> None:
    """Through the ingress where the cluster has one, else through the API server."""
    address = os.environ.get("BLISSFUL_TEST_INGRESS")
    if not address:
        _ask(namespace, project)
        return
    for _ in range(100):
        answer = httpx.get(f"http://{address}/hello", headers={"Host": url.removeprefix("http://")})
        if answer.status_code == 200:
            assert answer.json() == {"message": "Hello, world!"}
            return
        time.sleep(0.2)
    raise AssertionError(answer.text)


def _ask(namespace: str, project: Project) -> None:
    name = load_project(project.folder / "blissful-infra.yaml").name
    kubectl("get", "--raw", f"/api/v1/namespaces/{namespace}/services/{name}:http/proxy/hello")


def _is_judged_by_its_use(project: Project, kept: dict[str, Any], other: dict[str, Any]) -> None:
    """The first was reached just now and is labelled; the other answered nothing but probes."""
    for each in (kept, other):
        kubectl("annotate", "--overwrite", "namespace", each["namespace"], LONG_AGO)
    fates = _fates(project, "--dry-run")
    assert fates == {kept["name"]: "used", other["name"]: "due"}
    kubectl("label", "namespace", kept["namespace"], "blissful-infra.dev/keep=true")
    assert _fates(project, "--dry-run") == {kept["name"]: "kept", other["name"]: "due"}
    assert listed(project)[other["name"]]["ttl_left_s"] < 0
    _ask(other["namespace"], project)
    assert _fates(project)[other["name"]] == "used"
    assert listed(project)[other["name"]]["ttl_left_s"] > 0
    kubectl("annotate", "--overwrite", "namespace", other["namespace"], LONG_AGO)
    played = play("env_reap", project, "--check")
    assert f"{other['name']}: due" in played.stdout
    assert _fates(project) == {kept["name"]: "kept", other["name"]: "reaped"}


def _fates(project: Project, *words: str) -> dict[str, str]:
    found = data(project, "env-reap.v1", "env", "reap", *words)["previews"]
    return {each["name"]: each["fate"] for each in found}


def test_several_reapers_at_once_and_one_namespace_that_fails_leave_nothing_undone(
    bare: Project, tmp_path: Path
) -> None:
    first, second, third = opened(bare, 1, 2, 3)
    age(first, second, third)
    limited = as_somebody_who_may_not_delete(bare, third.namespace, tmp_path)
    failed = data(bare, "env-reap.v1", "env", "reap", code=6, KUBECONFIG=limited)["previews"]
    assert {each["name"]: each["fate"] for each in failed} == {"pr-1": "reaped", "pr-2": "reaped", "pr-3": "failed"}
    assert "does not allow to delete namespaces" in failed[2]["detail"]
    assert "error[reap-incomplete]: 1 of" in bare.call("env", "reap", KUBECONFIG=limited).stderr
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: bare.call("env", "reap"), range(3)))
    assert [each.returncode for each in runs] == [0, 0, 0], [each.stderr for each in runs]
    gone = f"namespace/{third.namespace}"
    kubectl("wait", "--for=delete", gone, "--timeout=60s")
    assert listed(bare) == {}


def as_somebody_who_may_not_delete(project: Project, namespace: str, folder: Path) -> str:
    """A kubeconfig of somebody who may reap every preview but one."""
    name = load_project(project.folder / "blissful-infra.yaml").name
    others = [f"{name}-preview-pr-{number}" for number in (1, 2, 3)]
    may: list[dict[str, Any]] = [
        {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list", "patch"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
        {
            "apiGroups": [""],
            "resources": ["namespaces"],
            "verbs": ["delete"],
            "resourceNames": [each for each in others if each != namespace],
        },
    ]
    ours = {"metadata": {"name": name}, "apiVersion": "rbac.authorization.k8s.io/v1"}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}}
    bound = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    objects = [
        account,
        {**ours, "kind": "ClusterRole", "rules": may},
        {**ours, "kind": "ClusterRoleBinding", "roleRef": role, "subjects": [bound]},
    ]
    kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(objects))
    return str(kubeconfig_of(kubectl("create", "token", name, "-n", namespace).strip(), folder / "limited"))


def test_only_previews_of_this_project_are_touched_and_there_is_a_most_of_them(bare: Project) -> None:
    (first,) = opened(bare, 1)
    kubectl("create", "namespace", first.namespace.replace("pr-1", "pr-2"))
    try:
        refused = bare.call("env", "delete", "pr-2", "--yes")
        assert (refused.returncode, "error[foreign-namespace]" in refused.stderr) == (6, True)
        with pytest.raises(ForeignNamespaceError):
            opened(bare, 2)
        assert listed(bare).keys() == {"pr-1"}
    finally:
        kubectl("delete", "namespace", first.namespace.replace("pr-1", "pr-2"), "--wait=false")
    opened(bare, 3, 4)
    with pytest.raises(TooManyPreviewsError, match="3 previews"):
        opened(bare, 5)
    assert opened(bare, 4)  # one that is there already may be opened again

    asked = bare.call("env", "delete", "pr-1")
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    checked = play("env_delete", bare, "-e", "previews_pr=1", "--check")
    assert (checked.returncode, "The preview pr-1 of" in checked.stdout) == (0, True), checked.stdout
    assert "pr-1" in listed(bare)
    dry = data(bare, "env-delete.v1", "env", "delete", "pr-1", "--dry-run")
    assert (dry["found"], dry["deleted"]) == (True, False)
    assert data(bare, "env-delete.v1", "env", "delete", "--pr", "1", "--yes")["deleted"]
    runs = [each.read_text() for each in (bare.folder / ".blissful" / "events").glob("*env_delete*.jsonl")]
    assert sum("The preview pr-1 is gone" in each for each in runs) == 1
    assert listed(bare).keys() == {"pr-3", "pr-4"}
    assert data(bare, "env-delete.v1", "env", "delete", "pr-1", "--yes")["found"] is False
    released = bare.call("deploy", "--env", "preview-pr-1", "--image", f"r.example/a@sha256:{'a' * 64}")
    assert (released.returncode, "there is no preview pr-1" in released.stderr) == (3, True), released.stderr


def test_a_cluster_that_does_not_answer_ends_every_command_with_4_and_is_shown(bare: Project, tmp_path: Path) -> None:
    settings = yaml.safe_load(kubectl("config", "view", "--raw", "--minify"))
    settings["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{free_ports(1)[0]}"}
    (tmp_path / "down").write_text(yaml.safe_dump(settings))
    down: dict[str, Any] = {"KUBECONFIG": str(tmp_path / "down")}
    for words in (["list"], ["reap"], ["delete", "pr-1", "--yes"], ["create", "--pr", "1"]):
        done = bare.call("env", *words, **down)
        assert (done.returncode, "error[cluster-unreachable]" in done.stderr) == (4, True), done.stderr
    found = data(bare, "environments.v1", "status", "--envs", **down)
    assert found["previews"] == []
    assert "does not answer" in found["previews_detail"]


def test_the_servers_stand_in_the_previews_own_namespace_and_are_ready_before_the_migrations(tmp_path: Path) -> None:
    project, name = with_previews(tmp_path / "project", database="postgres")
    put_postgres(os.environ["BLISSFUL_TEST_REGISTRY"], f"{name}/postgres")
    with (project.folder / "blissful-infra.yaml").open("a") as file:
        file.write(f"images: {{'postgres:18': '{INSIDE}/{name}/postgres:18'}}\n")
    try:
        image = project.image()
        done = data(project, "env-create.v1", "env", "create", "--pr", "7", "--image", image, "--ref", "HEAD")
        namespace = done["preview"]["namespace"]
        assert (done["release"]["verdict"], done["release"]["migrations"]) == ("served", {"0001_greetings.py": True})
        server, migration = (
            json.loads(kubectl("-n", namespace, "get", each, "-o", "json"))
            for each in (f"pod/{name}-postgres-0", f"job/{name}-migrate")
        )
        ready = next(each for each in server["status"]["conditions"] if each["type"] == "Ready")
        assert ready["lastTransitionTime"] <= migration["status"]["startTime"]
        assert asked(namespace, name, "SELECT current_database(), current_user") == ("app", "app")
    finally:
        kubectl("delete", "namespace", "--wait=false", "-l", f"blissful-infra.dev/project={name}")


def asked(namespace: str, name: str, query: str) -> Any:
    """The answer of the preview's Postgres, with the password of the preview's Secret."""
    secret = json.loads(kubectl("-n", namespace, "get", "secret", f"{name}-backing", "-o", "json"))["data"]
    user, password, database = (
        base64.b64decode(secret[f"POSTGRES_{key}"]).decode() for key in ("USER", "PASSWORD", "DB")
    )
    (port,) = free_ports(1)
    words = ["kubectl", "-n", namespace, "port-forward", f"service/{name}-postgres", f"{port}:5432"]
    forward = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert forward.stdout is not None
        assert "Forwarding from" in forward.stdout.readline()
        with psycopg.connect(host="127.0.0.1", port=port, user=user, password=password, dbname=database) as connection:
            return connection.execute(query.encode()).fetchone()
    finally:
        forward.terminate()
        forward.wait(20)
        if forward.stdout is not None:
            forward.stdout.close()
