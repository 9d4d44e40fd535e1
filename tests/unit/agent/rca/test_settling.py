# ruff: noqa: E501 - the lines are as kubectl writes them
"""What is told as a remark, because it is the past or another's trouble, and what stands."""

from pathlib import Path

import pytest

from agent.diagnosing import diagnose
from agent.domain.diagnosis import RankedCause
from tests.unit.agent.rca.bundles import a_bundle

HEADER = "version: 1\ntitle: Is web well?\nalert: Is web well?\n"
WELL = "web-5d98ffcfd-tz4nc   1/1   Running   0   2d\n"
PULL = 'Failed to pull image "shop/web:2": not found'
EVENT = "{last}   Warning   {reason}   pod/{name}   {message}\n"
CRASHES = """Name:             web-5d98ffcfd-tz4nc
Status:           Running
Containers:
  web:
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    2
    Ready:          False
    Restart Count:  4
"""
REFUSED = """Events:
  Warning  Unhealthy  2s (x9 over 5m)  kubelet  Readiness probe failed: dial tcp 10.0.0.1:80: connect: connection refused
"""
PROBE = "  Warning  Unhealthy  {when}  kubelet  Readiness probe failed: HTTP probe failed with statuscode: 503"


def first(folder: Path, **files: str) -> RankedCause:
    named = {name.replace("__", "/") + ".txt": text for name, text in files.items()}
    return diagnose(a_bundle(folder, HEADER, named)).findings[0]


def test_a_pull_that_failed_before_the_image_came_is_a_remark(tmp_path: Path) -> None:
    event = EVENT.format(last="30s", reason="Failed", name="web-5d98ffcfd-tz4nc", message=PULL)
    cause = first(tmp_path, kubernetes__get=WELL, kubernetes__events=event)
    assert cause.claim.category == "healthy"
    assert [one.claim.category for one in diagnose(tmp_path).findings] == ["healthy"]
    assert "shop/web:2" in cause.claim.against[0].text
    assert cause.claim.against[0].quotes[0].path == "kubernetes/events.txt"


def test_without_a_look_at_the_pod_the_pull_stands(tmp_path: Path) -> None:
    event = EVENT.format(last="30s", reason="Failed", name="web-5d98ffcfd-tz4nc", message=PULL)
    assert first(tmp_path, kubernetes__events=event).claim.category == "image-pull"


@pytest.mark.parametrize(
    ("when", "category"), [("2d (x6 over 2d1m)", "healthy"), ("3s (x60 over 5m)", "probe-failing")]
)
def test_a_probe_that_goes_on_failing_stands(tmp_path: Path, when: str, category: str) -> None:
    described = f"Name:  web-5d98ffcfd-tz4nc\nEvents:\n{PROBE.format(when=when)}\n"
    assert first(tmp_path, kubernetes__get=WELL, kubernetes__describe=described).claim.category == category


def test_another_workloads_trouble_is_a_remark_unless_the_one_asked_about_speaks_of_it(tmp_path: Path) -> None:
    pods = WELL + "lab-58d48857d-rn4pq   0/1   ImagePullBackOff   0   32s\n"
    event = EVENT.format(last="4s", reason="Failed", name="lab-58d48857d-rn4pq", message=PULL.replace("web", "lab"))
    files = {"kubernetes__get": pods, "kubernetes__events": event}
    assert first(tmp_path / "aside", **files).claim.category == "healthy"
    described = "Name:  web-5d98ffcfd-tz4nc\n    Environment:\n      UPSTREAM:  http://lab:80\n"
    connected = first(tmp_path / "needed", **files, **{"kubernetes__describe-pod-web-5d98ffcfd-tz4nc": described})
    assert connected.claim.subject == "lab"


def test_a_quota_that_keeps_pods_from_being_made_stands_while_some_are_missing(tmp_path: Path) -> None:
    event = '3s  Warning  FailedCreate  replicaset/web-5d98ffcfd  Error creating: pods "web-5d98ffcfd-x" is forbidden: exceeded quota: compute\n'
    short = {"kubernetes__get": WELL, "kubernetes__events": event}
    found = first(tmp_path / "short", **short, kubernetes__owners="web   1/2   1   1   5d\n")
    assert (found.claim.category, found.claim.subject) == ("quota-exceeded", "web")
    assert first(tmp_path / "full", **short, kubernetes__owners="web   1/1   1   1   5d\n").claim.category == "healthy"


def test_a_probe_is_only_the_look_of_a_crash_whose_reason_is_known(tmp_path: Path) -> None:
    bundle = a_bundle(
        tmp_path,
        HEADER,
        {
            "kubernetes/d.txt": CRASHES + REFUSED,
            "logs/web-5d98ffcfd-tz4nc.log": "INFO up\npanic: assignment to entry in nil map\n",
        },
    )
    found = diagnose(bundle).findings
    assert found[0].claim.category == "application-error"
    assert "nil map" in found[0].claim.cause
    assert "dependency-unreachable" not in {cause.claim.category for cause in found}


@pytest.mark.parametrize(
    ("pod", "category"), [("web-77c9f7f8f-abcde", "image-pull"), ("web-5d98ffcfd-tz4nc", "crash-loop")]
)
def test_what_happened_to_a_pod_that_was_replaced_is_over(tmp_path: Path, pod: str, category: str) -> None:
    event = EVENT.format(last="30s", reason="Failed", name=pod, message=PULL)
    described = CRASHES.replace("web-5d98ffcfd-tz4nc", "web-77c9f7f8f-abcde")
    assert first(tmp_path, kubernetes__describe=described, kubernetes__events=event).claim.category == category
