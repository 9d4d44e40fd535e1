"""A project's environment in a real cluster: what kubectl gives becomes a bundle, and leads to the cause."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.collectors.evidence.argocd import ArgoApplications
from agent.collectors.evidence.chaos_mesh import ChaosExperiments
from agent.collectors.evidence.kubectl import Kubectl
from agent.collectors.evidence.kubernetes import KubernetesObjects
from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.domain import Bound, CollectedStatus, Window
from agent.gathering import evidence_of, gather
from agent.ports import EvidenceSource
from tests.cases.workloads import objects_of
from tests.cluster.kube import Kube
from tests.cluster.registry import NAME, push

pytestmark = [pytest.mark.needs_cluster, pytest.mark.timeout(240)]


def now() -> datetime:
    return datetime.now(UTC)


def recently() -> Window:
    return Window(now() - timedelta(minutes=30), now() + timedelta(seconds=5))


def kubectl_of(kube: Kube) -> Kubectl:
    return Kubectl(kube.run("config", "current-context").strip(), kube.namespace)


def test_a_service_that_lacks_a_setting_is_explained_from_its_former_log(kube: Kube) -> None:
    push(f"{NAME}/test/shop:1")
    kube.apply(*objects_of({"name": "shop", "image": "test/shop:1", "env": {"REQUIRE_ENV": "PAYMENT_URL"}}))
    kube.until("BackOff", "get", "events", within=90)
    kubectl = kubectl_of(kube)
    sources: list[EvidenceSource] = [KubernetesObjects(kubectl, now), ArgoApplications(kubectl, now)]
    gathered = gather([*sources, ChaosExperiments(kubectl)], recently())
    paths = {document.path for document in gathered[0].documents}
    assert paths >= {
        *("kubernetes/get-pods.txt", "kubernetes/describe-pods.txt", "kubernetes/events.txt"),
        *("kubernetes/get-deployments.txt", "kubernetes/get-services.txt", "kubernetes/get-endpointslices.txt"),
        *("kubernetes/get-nodes.txt", "kubernetes/describe-deployments.txt"),
    }
    assert any(path.endswith(".previous.log") for path in paths)
    assert {one.source: one.status for one in gathered[1:]} == dict.fromkeys(
        ("argocd", "chaos-mesh"), CollectedStatus.EMPTY
    )
    found = evidence_of(gathered, recently(), project="shop in test")
    assert found.investigation.gaps == ()
    assert found.investigation.title.startswith("shop in test: pod shop-")
    first = diagnosis_of(found.investigation, shipped_calibration()).findings[0].claim
    assert first.subject == "shop"
    assert "PAYMENT_URL" in " ".join((first.cause, *(quote.text for quote in first.evidence)))


def test_a_service_that_is_well_raises_no_question(kube: Kube) -> None:
    push(f"{NAME}/test/shop:1")
    kube.apply(*objects_of({"name": "shop", "image": "test/shop:1"}))
    kube.run("rollout", "status", "deployment/shop", "--timeout=90s")
    found = evidence_of(gather([KubernetesObjects(kubectl_of(kube), now)], recently()), recently(), project="shop")
    assert "1 pods, 0 not well" in found.gathered[0].detail
    assert found.investigation.title.startswith("Is anything wrong with shop (shop-")
    claims = [one.claim for one in diagnosis_of(found.investigation, shipped_calibration()).findings]
    assert {claim.category for claim in claims} <= {"healthy"}


def test_an_empty_namespace_and_an_unknown_context(kube: Kube) -> None:
    empty = KubernetesObjects(kubectl_of(kube), now).gather(recently(), Bound())
    assert (empty.status, kube.namespace in empty.detail) == (CollectedStatus.EMPTY, True)
    unknown = KubernetesObjects(Kubectl("no-such-context", "shop"), now).gather(recently(), Bound())
    assert (unknown.status, "no-such-context" in unknown.detail) == (CollectedStatus.UNAVAILABLE, True)
