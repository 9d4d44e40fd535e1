"""When the answer is that the workload asked about is well."""

from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.rca.health import claims_of_health
from tests.unit.agent.rca.bundles import a_bundle

HEADER = "version: 1\ntitle: why is web unhealthy?\nalert: why is web unhealthy?\n"
WELL = "default   web-5d98ffcfd-abcde   1/1   Running   0   2d   app=web\n"
DESCRIBED = """Name:             web-5d98ffcfd-abcde
Status:           Running
    Restart Count:  {restarts}
Conditions:
  Ready             {ready}
Events:
  {event}
"""


def sights(folder: Path, **files: str) -> list[tuple[str, str]]:
    bundle = a_bundle(folder, HEADER, {name.replace("__", "/") + ".txt": text for name, text in files.items()})
    return [(claim.subject, claim.category) for claim in claims_of_health(read_bundle(bundle))]


def test_a_workload_whose_pods_are_all_ready_is_healthy(tmp_path: Path) -> None:
    described = DESCRIBED.format(restarts=0, ready="True", event="Normal  Started")
    assert sights(tmp_path, kubernetes__get=WELL, kubernetes__describe=described) == [("web", "healthy")]


@pytest.mark.parametrize(
    "bad",
    [
        WELL.replace("1/1", "0/1"),
        WELL.replace(" 0 ", " 3 "),
        WELL.replace("Running", "CrashLoopBackOff"),
        DESCRIBED.format(restarts=2, ready="True", event="Normal  Started"),
        DESCRIBED.format(restarts=0, ready="False", event="Normal  Started"),
        DESCRIBED.format(restarts=0, ready="True", event="Warning  Unhealthy  probe failed"),
    ],
)
def test_one_bad_sight_is_enough_not_to_call_it_healthy(tmp_path: Path, bad: str) -> None:
    assert sights(tmp_path, kubernetes__get=WELL, kubernetes__other=bad) == []


def test_another_workload_says_nothing(tmp_path: Path) -> None:
    assert sights(tmp_path, kubernetes__get=WELL.replace("web-", "website-")) == []


def test_an_error_in_the_workloads_log_is_a_complaint(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path, HEADER, {"kubernetes/get.txt": WELL, "logs/web-5d98ffcfd-abcde.log": "ERROR no db\n"})
    assert claims_of_health(read_bundle(bundle)) == ()
