"""What Argo CD is told about a project: these repositories, namespaces and kinds alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from blissful_infra.delivery.gitops.registering import NoGitOpsError, registrations_of
from blissful_infra.delivery.gitops.target import NoRemoteError, target_of
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.problems import InvalidSettingsError
from blissful_infra.settings.reading import load_project
from tests.templates.rendering import git


def a_config(folder: Path, **environments: Any) -> ProjectConfig:
    services = {"app": {"port": 8080, "run": "app"}}
    text = json.dumps({"name": "shop", "services": services, "environments": environments})
    (folder / "blissful-infra.yaml").write_text(text)
    return load_project(folder / "blissful-infra.yaml")


def an_environment(cluster: str = "one", namespace: str = "shop-staging", **gitops: Any) -> dict[str, Any]:
    return {"cluster": cluster, "namespace": namespace, "gitops": gitops}


REPOSITORY = "https://git.example/shop.git"


def test_a_project_may_touch_its_own_namespaces_and_no_rights(tmp_path: Path) -> None:
    window = {"kind": "deny", "schedule": "0 22 * * *", "duration": "8h"}
    config = a_config(
        tmp_path,
        staging=an_environment(repository=REPOSITORY),
        production=an_environment(namespace="shop", repository=REPOSITORY, branch="release", windows=[window]),
        elsewhere={"cluster": "one", "namespace": "direct"},
    )
    [found] = registrations_of(tmp_path, config, ())
    project, staging, production, role, binding = found.resources
    assert project["spec"]["sourceRepos"] == [REPOSITORY]
    assert [each["namespace"] for each in project["spec"]["destinations"]] == ["shop", "shop-staging"]
    assert [each["kind"] for each in project["spec"]["clusterResourceWhitelist"]] == ["Namespace"]
    kinds = {each["kind"] for each in project["spec"]["namespaceResourceWhitelist"]}
    assert kinds.isdisjoint({"Secret", "Role", "RoleBinding"})
    assert project["spec"]["syncWindows"][0]["applications"] == ["shop-production"]
    assert staging["metadata"]["name"] == "shop-staging"
    assert [(each["resourceNames"], each["verbs"]) for each in role["rules"]] == [
        (["shop-production", "shop-staging"], ["get", "patch"])
    ]
    assert [each["namespace"] for each in binding["subjects"]] == ["shop", "shop-staging"]
    assert staging["spec"]["source"]["path"] == "deploy/overlays/staging"
    assert production["spec"]["source"]["targetRevision"] == "release"
    assert staging["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}


def test_each_cluster_gets_its_own_and_previews_stand_once(tmp_path: Path) -> None:
    config = a_config(
        tmp_path,
        staging=an_environment(repository=REPOSITORY),
        production=an_environment("two", "shop", repository=REPOSITORY),
    )
    first, second = registrations_of(tmp_path, config, (), github="team/shop")
    assert (first.cluster, second.cluster) == ("one", "two")
    previews = first.resources[-1]
    assert previews["kind"] == "ApplicationSet"
    assert previews["spec"]["generators"][0]["pullRequest"]["github"]["repo"] == "shop"
    assert {"server": "https://kubernetes.default.svc", "namespace": "shop-pr-*"} in first.resources[0]["spec"][
        "destinations"
    ]
    assert [each["kind"] for each in second.resources] == ["AppProject", "Application", "Role", "RoleBinding"]
    [only] = registrations_of(tmp_path, config, ("production",))
    assert only.cluster == "two"


def test_an_environment_that_argo_cd_does_not_deliver_is_refused(tmp_path: Path) -> None:
    config = a_config(tmp_path, staging={"cluster": "one", "namespace": "a"})
    with pytest.raises(NoGitOpsError, match="no environment"):
        registrations_of(tmp_path, config, ())
    with pytest.raises(NoGitOpsError, match="does not deliver staging"):
        registrations_of(tmp_path, config, ("staging",))


def test_the_remote_and_the_projects_place_in_it_are_the_default(tmp_path: Path) -> None:
    folder = tmp_path / "services" / "shop"
    folder.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    config = a_config(folder, staging=an_environment())
    with pytest.raises(NoRemoteError, match="no remote `origin`"):
        target_of(folder, config, "staging")
    git(tmp_path, "remote", "add", "origin", "https://me:hidden1@git.example/all.git")
    found = target_of(folder, config, "staging")
    assert found is not None
    assert found.path == "services/shop/deploy/overlays/staging"
    [registration] = registrations_of(folder, config, ())
    assert "hidden1" not in str(registration)
    assert registration.resources[1]["spec"]["source"]["repoURL"] == "https://git.example/all.git"


@pytest.mark.parametrize(
    "gitops",
    [
        {"repository": "https://me:hidden1@git.example/a.git"},
        {"repository": "ext::sh -c whoami"},
        {"repository": "--upload-pack=x"},
        {"branch": "-x"},
        {"path": "../elsewhere"},
        {"windows": [{"kind": "deny", "schedule": "often", "duration": "1h"}]},
    ],
)
def test_settings_that_name_no_repository_branch_or_window_are_refused(tmp_path: Path, gitops: Any) -> None:
    with pytest.raises(InvalidSettingsError):
        a_config(tmp_path, staging=an_environment(**gitops))
