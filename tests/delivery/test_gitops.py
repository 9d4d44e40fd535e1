"""Releases that a real Argo CD applies, from a real git server, with auto-sync and self-heal on."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.kube import part
from tests.delivery.conftest import Project, a_project, kubectl
from tests.delivery.test_deploying import play
from tests.schemas import check_against_schema
from tests.templates.rendering import git

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]


def delivered(folder: Path, *, database: str = "none", administrator: bool = False) -> Project:
    """A project whose overlay is on a branch of the git server; Argo CD does not know of it yet."""
    url, root = part("git", "BLISSFUL_TEST_GIT"), Path(part("git", "BLISSFUL_TEST_GIT_ROOT"))
    part("argocd", "ARGOCD_SERVER")
    found = a_project(folder, database=database, administrator=administrator, gitops={})
    name = found.namespace
    settings = folder / "blissful-infra.yaml"
    settings.write_text(settings.read_text().replace('"gitops": {}', f'"gitops": {{"application": "{name}"}}'))
    kustomization = folder / "deploy/overlays/staging/kustomization.yaml"
    text = kustomization.read_text().replace("namespace: my-service-staging", f"namespace: {name} # ours")
    kustomization.write_text(text.replace("count: 2", "count: 1"))
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", root / f"{name}.git"], check=True)
    git(folder, "remote", "add", "origin", f"{url}/{name}.git")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    git(folder, "push", "--quiet", "origin", "HEAD:main")
    return found


def forget(project: Project) -> None:
    shutil.rmtree(Path(part("git", "BLISSFUL_TEST_GIT_ROOT")) / f"{project.namespace}.git", ignore_errors=True)
    kubectl("-n", "argocd", "delete", "application", project.namespace, "--ignore-not-found")
    kubectl("-n", "argocd", "delete", "appproject", "my-service", "--ignore-not-found", "--wait=false")
    kubectl("-n", "argocd", "delete", "role,rolebinding", "my-service-deployer", "--ignore-not-found")
    free = ["patch", "job", "my-service-migrate", "--type=merge", "--patch", '{"metadata":{"finalizers":null}}']
    subprocess.run(["kubectl", "-n", project.namespace, *free], capture_output=True, check=False)  # Argo CD's, gone now
    kubectl("delete", "namespace", project.namespace, "--wait=false", "--ignore-not-found")


@pytest.fixture
def of_an_administrator(tmp_path: Path) -> Iterator[Project]:
    found = delivered(tmp_path / "project", administrator=True)
    yield found
    forget(found)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    found = delivered(tmp_path / "project")
    yield found
    forget(found)


def known(project: Project) -> None:
    """An administrator applies what is printed; the deployer of the tests may not."""
    kubectl("apply", "--filename", "-", stdin=project.call("argocd", "app").stdout)


def commits(project: Project) -> list[str]:
    """The subjects of the branch's commits, the newest first."""
    git(project.folder, "fetch", "--quiet", "origin", "main")
    return git(project.folder, "log", "--format=%s", "FETCH_HEAD").splitlines()


def overlay(project: Project) -> str:
    git(project.folder, "fetch", "--quiet", "origin", "main")
    return git(project.folder, "show", "FETCH_HEAD:deploy/overlays/staging/kustomization.yaml")


def test_a_release_is_a_commit_and_a_rollback_is_one_too(of_an_administrator: Project) -> None:
    project = of_an_administrator
    first = project.image()
    missing = project.deploy(first)
    assert missing.returncode == 3
    assert "error[application-missing]" in missing.stderr
    assert "blissful-infra argocd app --env staging --apply" in missing.stderr
    assert commits(project) == ["first"]
    applied = project.call("argocd", "app", "--apply", "-o", "json")
    assert applied.returncode == 0, applied.stderr
    check_against_schema("argocd-app.v1", json.loads(applied.stdout))

    dry = project.deploy(first, "--dry-run", "-o", "json")
    assert dry.returncode == 0, dry.stderr
    assert commits(project) == ["first"]
    head = git(project.folder, "rev-parse", "HEAD")

    done = project.deploy(first, "-o", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    check_against_schema("deploy.v1", document)
    assert project.served() == project.revisions[0]
    assert (git(project.folder, "rev-parse", "HEAD"), git(project.folder, "status", "--porcelain")) == (head, "")
    assert commits(project) == ["Deploy my-service to staging", "first"]
    assert document["release"]["commit"] == git(project.folder, "rev-parse", "FETCH_HEAD")
    text = overlay(project)
    assert f"digest: {first.partition('@')[2]} # tag {project.revisions[0]}" in text
    assert f"namespace: {project.namespace} # ours" in text

    again = project.deploy(first)
    assert again.returncode == 0, again.stderr
    assert "main holds it already" in again.stderr
    assert len(commits(project)) == 2

    assert project.deploy(project.image()).returncode == 0
    assert project.served() == project.revisions[1]
    back = project.call("rollback", "--env", "staging")
    assert back.returncode == 0, back.stderr
    assert project.served() == project.revisions[0]
    assert commits(project)[0] == "Restore release 2 of my-service in staging"
    assert len(commits(project)) == 4
    assert overlay(project) == text

    kubectl("-n", project.namespace, "scale", "deployment", "my-service", "--replicas=0")
    deadline = time.monotonic() + 60  # self-heal is on: it must bring back what the rollback brought
    while project.get("deployment", "my-service")["status"].get("readyReplicas") != 1:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert project.served() == project.revisions[0]
    status = json.loads(project.call("status", "--envs", "-o", "json").stdout)
    check_against_schema("environments.v1", status)
    assert status["environments"][0]["argocd"]["sync"] == "Synced"


def test_a_program_that_crashes_names_the_application_and_is_rolled_back_by_a_commit(project: Project) -> None:
    refused = project.deploy(project.image())
    assert "error[forbidden]" in refused.stderr
    assert "argocd app --env staging --apply" in refused.stderr
    known(project)
    assert project.deploy(project.image()).returncode == 0
    good, text = project.revisions[-1], overlay(project)
    done = project.deploy(project.image("crash"), "--atomic")
    assert done.returncode == 6
    assert "error[rollout-failed]" in done.stderr
    assert f"the Application argocd/{project.namespace} is" in done.stderr
    assert "ended with 3" in done.stderr
    assert project.served() == good
    assert overlay(project) == text
    assert commits(project)[0] == "Release 2 failed: restore release 1 of my-service in staging"
    assert [each["verdict"] for each in project.releases()] == ["rolled-back", "served"]


def test_plain_ansible_converges_after_a_push_that_was_refused(project: Project, tmp_path: Path) -> None:
    known(project)
    image = project.image()
    hook = Path(part("git", "BLISSFUL_TEST_GIT_ROOT")) / f"{project.namespace}.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the branch is frozen >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = project.deploy(image)
    assert refused.returncode == 6
    assert "error[git-push-refused]" in refused.stderr
    assert "the branch is frozen" in refused.stderr
    assert commits(project) == ["first"]
    hook.unlink()
    words = ["-l", "staging", "-e", f"delivery_image={image}", "-e", "delivery_ref=HEAD"]
    done = play("deploy", project, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.served() == project.revisions[0]
    second = project.image()
    assert project.deploy(second).returncode == 0
    back = play("rollback", project, "-l", "staging", "-e", "delivery_to=2")
    assert back.returncode == 0, back.stdout + back.stderr
    assert project.served() == project.revisions[0]
    assert len(commits(project)) == 4


def test_a_migration_that_fails_ends_the_release_before_any_new_pod(tmp_path: Path) -> None:
    project = delivered(tmp_path / "project", database="postgres")
    secret = ["create", "secret", "generic", "my-service-backing", "--from-literal=POSTGRES_HOST=nowhere"]
    kubectl("-n", project.namespace, *secret)
    try:
        known(project)
        assert project.deploy(project.image()).returncode == 0
        good = project.revisions[-1]
        done = project.deploy(project.image("migration"))
        assert done.returncode == 6
        assert "error[migration-failed]" in done.stderr
        assert 'column \\"greeting\\" does not exist' in done.stderr
        assert project.served() == good
        began = time.monotonic()
        missing = project.deploy(f"{project.image().partition('@')[0]}@sha256:{'0' * 64}")
        assert missing.returncode == 6
        assert "error[migration-failed]" in missing.stderr
        assert "ImagePullBackOff" in missing.stderr
        assert time.monotonic() - began < 120
        assert project.served() == good
        mended = project.deploy(project.image())
        assert mended.returncode == 0, mended.stderr
        assert project.served() == project.revisions[-1]
    finally:
        forget(project)
