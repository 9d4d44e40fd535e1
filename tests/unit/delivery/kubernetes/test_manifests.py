"""Objects pinned, placed and put in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.delivery.images.image import reference_of
from blissful_infra.delivery.kubernetes.manifests import (
    HOOK,
    ManifestError,
    annotated,
    in_phases,
    manifests_in,
    outside,
    pinned,
    secrets_asked_for,
    title_of,
    with_replicas,
    without_secrets,
)
from tests.unit.delivery.factories import a_workload, an_object

IMAGE = reference_of(f"r.example/app@sha256:{'a' * 64}")


@pytest.mark.parametrize(
    "image", ["app", "app:latest", "r.example:5000/app:1", f"r.example:5000/app@sha256:{'b' * 64}"]
)
def test_the_projects_own_image_is_pinned_whatever_its_tag_and_no_other(image: str) -> None:
    (found,) = pinned([a_workload(image=image)], {"app", "r.example:5000/app"}, IMAGE)
    assert [each["image"] for each in found["spec"]["template"]["spec"]["containers"]] == [str(IMAGE), "proxy:1"]


def test_objects_outside_of_the_namespace_are_named() -> None:
    inside = [an_object("Service"), {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}]
    assert outside(inside, "shop") == ()
    strays = [
        an_object("Service", "x", "other"),
        {"apiVersion": "v1", "kind": "ClusterRole", "metadata": {"name": "all"}},
    ]
    assert outside(strays, "shop") == ("Service/x", "ClusterRole/all")


def test_migrations_stand_between_groundwork_and_what_serves() -> None:
    job = an_object("Job")
    job["metadata"]["annotations"] = {HOOK: "PreSync"}
    objects = [a_workload(), job, an_object("Job", "own"), an_object("ConfigMap"), an_object("Ingress")]
    phases = in_phases(objects)
    assert [title_of(each) for each in phases.groundwork] == ["Job/own", "ConfigMap/app"]
    assert [title_of(each) for each in phases.migrations] == ["Job/app"]
    assert [title_of(each) for each in phases.serving] == ["Deployment/app", "Ingress/app"]


def test_the_number_of_pods_is_the_deployments_unless_an_autoscaler_decides() -> None:
    (alone,) = with_replicas([a_workload()], 3)
    assert alone["spec"]["replicas"] == 3
    scaler = an_object("HorizontalPodAutoscaler", spec={"minReplicas": 1, "maxReplicas": 2})
    deployment, scaled = with_replicas([a_workload(), scaler], 4)
    assert "replicas" not in deployment["spec"]
    assert (scaled["spec"]["minReplicas"], scaled["spec"]["maxReplicas"]) == (4, 4)


def test_secrets_that_pods_need_are_known_unless_optional_or_brought() -> None:
    sources = [
        {"secretRef": {"name": "a"}},
        {"secretRef": {"name": "b", "optional": True}},
        {"configMapRef": {"name": "c"}},
    ]
    variables = [{"name": "X", "valueFrom": {"secretKeyRef": {"name": "d", "key": "x"}}}, {"name": "Y", "value": "1"}]
    objects = [a_workload(envFrom=sources, env=variables), an_object("Secret", "d")]
    assert secrets_asked_for(objects) == {"a"}
    assert [title_of(each) for each in without_secrets(objects)] == ["Deployment/app"]


def test_notes_stand_on_the_deployment_and_not_on_its_pods() -> None:
    deployment, service = annotated([a_workload(), an_object("Service")], {"note": "1"})
    assert deployment["metadata"]["annotations"] == {"note": "1"}
    assert "metadata" not in deployment["spec"]["template"]
    assert service == an_object("Service")


@given(st.text(max_size=200))
def test_any_text_is_objects_or_refused(text: str) -> None:
    try:
        found = manifests_in(text)
    except ManifestError:
        return
    assert all(title_of(each) for each in found)
