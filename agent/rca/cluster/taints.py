"""Which taint keeps a pod from a node: newer schedulers only say that there is one."""

import re
from collections.abc import Iterator

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Document, Investigation
from agent.normalize.kubernetes import KubeObject, objects_of

_TAINTS = re.compile(r"^Taints:[ \t]+(?P<first>\S+:\w+)(?P<more>(?:\n[ \t]+\S+:\w+[ \t]*$)*)", re.MULTILINE)
_TOLERATIONS = re.compile(r"^Tolerations:[ \t]+(?P<first>\S.*)(?P<more>(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_UNTOLERATED = re.compile(r"^.*nodes are available.*untolerated taint.*$", re.MULTILINE)
_KEEPS_OFF = ("NoSchedule", "NoExecute")


def claims_of_taints(investigation: Investigation) -> Iterator[Claim]:
    """One claim for each pod that waits for a node, with the taints that were seen and that it does not tolerate."""
    seen = [(document, one) for document in investigation.kubernetes for one in objects_of(document.text)]
    nodes = [(document, one, _taints(one)) for document, one in seen if "Taints" in one.fields]
    for document, pod in seen:
        told = _UNTOLERATED.search(pod.text)
        if told is None or "Tolerations" not in pod.fields:
            continue
        for node_document, node, taints in nodes:
            if bad := [taint for taint in taints if not _tolerated(taint, pod)]:
                yield _claim(document, pod, told[0].strip(), node_document, node, bad)


def _claim(document: Document, pod: KubeObject, told: str, where: Document, node: KubeObject, bad: list[str]) -> Claim:
    kept_off = "a taint" if len(bad) == 1 else "taints"
    return Claim(
        line="cluster",
        rule="taint-not-tolerated",
        category="scheduling-constraint",
        subject=pod.workload,
        cause=(
            f"The pod of {pod.workload} stays Pending: node {node.name} has {kept_off} that it does not tolerate, "
            f"{', '.join(bad[:3])}."
        ),
        strength=0.96,
        evidence=(
            Quote(document.path, told[:300], "why it is not scheduled"),
            Quote(where.path, bad[0], "the taint of the node"),
        ),
        confirm=(f"kubectl describe node {node.name}",),
    )


def _taints(node: KubeObject) -> list[str]:
    found = _TAINTS.search(node.text)
    return f"{found['first']} {found['more']}".split() if found else []


def _tolerated(taint: str, pod: KubeObject) -> bool:
    """Whether one of the pod's tolerations fits, as `kubectl describe` writes them: `key=value:Effect op=Exists`."""
    pair, _, effect = taint.rpartition(":")
    if effect not in _KEEPS_OFF:
        return True
    found = _TOLERATIONS.search(pod.text)
    for line in f"{found['first']}{found['more']}".splitlines() if found else ():
        what, exists = line.split()[0], "op=Exists" in line
        if what == "op=Exists":
            return True
        key, _, of = what.partition(":")
        if of in {"", effect} and (key == pair or (exists and key == pair.partition("=")[0])):
            return True
    return False
