"""The question was about a workload, and all that was seen of it is well.

A weak claim by design: it ranks below whatever another line found. Without it an answer could not tell "I looked, and
it is fine" from "I saw nothing".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Document, Investigation

_ROW = re.compile(
    r"(?<![\w./-])(?:[Pp]od/)?(?P<name>[a-z0-9][a-z0-9.-]+)\s+(?P<ready>\d+)/(?P<all>\d+)\s+(?P<status>[A-Z]\w+)\b"
    r"(?:[ \t]+(?P<restarts>\d+)(?![\w.]))?"
)
_BLOCK = re.compile(r"^Name:[ \t]+(?P<name>\S+)$", re.MULTILINE)
_RESTARTS = re.compile(r"Restart Count:\s+(\d+)")
_BAD_EVENT = re.compile(r"^\s*Warning\s+\w+", re.MULTILINE)
_BAD_LINE = re.compile(r"\b(?:error|fatal|panic|exception|critical|traceback|fail(?:ed|ure)?)\b", re.IGNORECASE)
_NAMES = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_STARTING = {"ContainerCreating", "PodInitializing"}
"""Says nothing either way: what comes of it shows in another sight of the pod, or not at all."""
SHORTEST_NAME = 3
NAMED = 3


@dataclass(frozen=True, slots=True)
class _Pod:
    """What one output says of one pod."""

    name: str
    well: bool
    quote: Quote


def claims_of_health(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim when every sight of the pods asked about is well, and their logs name no error."""
    text = f"{investigation.title} {investigation.alert}"
    asked = {name for name in _NAMES.findall(text) if len(name) >= SHORTEST_NAME}
    seen = [pod for document in investigation.kubernetes for pod in _pods(document)]
    for workload in sorted(asked, key=lambda name: (text.index(name), name)):
        pods = [pod for pod in seen if _is_of(pod.name, workload)]
        if pods and all(pod.well for pod in pods) and not _complaints(investigation, workload):
            return (_claim(workload, pods),)
    return ()


def _pods(document: Document) -> Iterator[_Pod]:
    blocks = list(_BLOCK.finditer(document.text))
    ends = [block.start() for block in blocks[1:]] + [len(document.text)]
    for block, end in zip(blocks, ends, strict=False):
        text = document.text[block.start() : end]
        restarts = [int(count) for count in _RESTARTS.findall(text)]
        status = re.search(r"^Status:[ \t]+(\w+)$", text, re.MULTILINE)
        if not restarts or status is None:
            continue
        ready = re.search(r"^\s+Ready\s+True\s*$", text, re.MULTILINE) is not None
        well = ready and status[1] == "Running" and not any(restarts) and _BAD_EVENT.search(text) is None
        yield _Pod(block["name"], well, Quote(document.path, block[0], "the pod is described"))
    for row in _ROW.finditer(document.text):
        if row["status"] in _STARTING:
            continue
        well = row["ready"] == row["all"] and row["status"] == "Running" and int(row["restarts"] or 0) == 0
        yield _Pod(row["name"], well, Quote(document.path, row[0].strip(), "all of its containers are ready"))


def _is_of(pod: str, workload: str) -> bool:
    return pod == workload or pod.startswith(f"{workload}-")


def _complaints(investigation: Investigation, workload: str) -> bool:
    logs = (log for log in investigation.logs if _is_of(log.subject.rsplit("/", 1)[-1], workload))
    return any(_BAD_LINE.search(line) for log in logs for line in log.lines)


def _claim(workload: str, pods: list[_Pod]) -> Claim:
    names = sorted({pod.name for pod in pods})
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    evidence = {(pod.quote.path, pod.quote.text): pod.quote for pod in pods}
    return Claim(
        line="health",
        rule="pods-are-well",
        category="healthy",
        subject=workload,
        cause=(
            f"{workload} seems healthy, no issue was found: {', '.join(names[:NAMED])}{more} Running and ready, "
            "without restarts, warnings or errors in what was seen."
        ),
        strength=1.0,
        evidence=tuple(evidence.values())[:4],
    )
