"""The rights that a project's `deploy/rbac` grants: named, and within one namespace."""

from typing import Any

import pytest

from tests.engines import kustomize
from tests.templates.conftest import Projects
from tests.templates.rendering import BARE, TEMPLATES

pytestmark = pytest.mark.needs_kustomize


def rbac(projects: Projects, template: str, folder: str) -> dict[str, dict[str, Any]]:
    found = kustomize.build(projects(template, BARE) / "deploy" / "rbac" / folder)
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in found}


@pytest.mark.parametrize("environment", ["staging", "production"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_deployer_has_named_rights_in_its_namespace_alone(
    projects: Projects, template: str, environment: str
) -> None:
    found = rbac(projects, template, environment)
    namespace = "my-service" if environment == "production" else "my-service-staging"
    assert set(found) == {f"{kind}/my-service-deployer" for kind in ("ServiceAccount", "Role", "RoleBinding")}
    assert {each["metadata"]["namespace"] for each in found.values()} == {namespace}
    binding = found["RoleBinding/my-service-deployer"]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "my-service-deployer", "namespace": namespace},
    ]
    for rule in found["Role/my-service-deployer"]["rules"]:
        assert "*" not in (*rule["apiGroups"], *rule["resources"], *rule["verbs"])
        assert not {"roles", "rolebindings", "pods/exec", "serviceaccounts/token"} & set(rule["resources"])
        if rule["resources"] == ["namespaces"]:
            assert rule["verbs"] == ["get"]
        if rule["resources"] == ["secrets"]:
            assert rule["verbs"] == (
                ["get", "patch"] if rule.get("resourceNames") == ["my-service-backing"] else ["create"]
            )


@pytest.mark.parametrize("template", TEMPLATES)
def test_previews_add_namespaces_and_the_pods_metrics_and_nothing_else(projects: Projects, template: str) -> None:
    found = rbac(projects, template, "previews")
    added = found["ClusterRole/my-service-previews"]["rules"]
    assert [rule["resources"] for rule in added] == [["namespaces"], ["pods/proxy"]]
    assert "*" not in added[0]["verbs"]
    assert added[1]["verbs"] == ["get"]
    role = rbac(projects, template, "staging")["Role/my-service-deployer"]
    assert found["ClusterRole/my-service-deployer"]["rules"] == role["rules"]
    for name in ("previews", "deployer"):
        subject = found[f"ClusterRoleBinding/my-service-{name}"]["subjects"][0]
        assert subject["namespace"] == "my-service-previews"
