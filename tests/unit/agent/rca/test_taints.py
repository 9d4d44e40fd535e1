"""Which taint keeps a pod off, where the scheduler does not say."""

from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.rca.cluster.taints import claims_of_taints
from tests.unit.agent.rca.bundles import a_bundle

POD = """Name:             web-5d98ffcfd-tz4nc
Status:           Pending
Tolerations:      node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                  {toleration}
Events:
  Warning  FailedScheduling  5s  default-scheduler  0/1 nodes are available: 1 node(s) had untolerated taint(s).
"""
NODE = """Name:               node7
Taints:             dedicated=batch:NoSchedule
                    soon=full:PreferNoSchedule
Unschedulable:      false
"""


@pytest.mark.parametrize(
    ("toleration", "kept_off"),
    [
        ("other=batch:NoSchedule", True),
        ("dedicated=web:NoSchedule", True),
        ("dedicated=batch:NoExecute", True),
        ("dedicated=batch:NoSchedule", False),
        ("dedicated=batch", False),
        ("dedicated:NoSchedule op=Exists", False),
        ("op=Exists", False),
    ],
)
def test_a_taint_without_a_toleration_is_named(tmp_path: Path, toleration: str, kept_off: bool) -> None:
    files = {"kubernetes/pod.txt": POD.format(toleration=toleration), "kubernetes/node.txt": NODE}
    found = list(claims_of_taints(read_bundle(a_bundle(tmp_path, files=files))))
    assert [claim.subject for claim in found] == ["web"] * kept_off
    assert all("node7" in claim.cause and "dedicated=batch:NoSchedule." in claim.cause for claim in found)


def test_a_node_that_was_not_seen_is_not_judged(tmp_path: Path) -> None:
    files = {"kubernetes/pod.txt": POD.format(toleration="a=b:NoSchedule")}
    assert list(claims_of_taints(read_bundle(a_bundle(tmp_path, files=files)))) == []
