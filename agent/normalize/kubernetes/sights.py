"""How pods, deployments and jobs are right now, as tables and descriptions show them; events tell of what was."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from agent.normalize.kubernetes.describe import workload_of

_POD_ROW = re.compile(
    r"(?<![\w./-])(?:[Pp]od/)?(?P<name>[a-z0-9][a-z0-9.-]+)[ \t]+(?P<ready>\d+)/(?P<all>\d+)[ \t]+"
    r"(?P<status>[A-Z][\w:./-]+)(?:[ \t]+(?P<restarts>\d+)(?![\w./])(?: \((?P<ago>\w+) ago\))?)?(?:[ \t]+(?P<age>\w+))?"
)
_OWNER_ROW = re.compile(
    r"(?<![\w./-])(?:deployment(?:\.apps)?/|statefulset(?:\.apps)?/)?(?P<name>[a-z0-9][a-z0-9.-]+)[ \t]+"
    r"(?P<ready>\d+)/(?P<all>\d+)(?:[ \t]+(?P<new>\d+)[ \t]+(?P<available>\d+))?[ \t]+\d+[smhdy]\w*\b"
)
_COUNTS_ROW = re.compile(
    r"^[ \t]*(?:[\w-]+[ \t]+)??(?P<name>[a-z0-9][a-z0-9.-]*[a-z][a-z0-9.-]*)[ \t]+"
    r"(?P<all>\d+)[ \t]+(?P<current>\d+)[ \t]+"
    r"(?P<ready>\d+)(?:[ \t]+(?P<new>\d+)[ \t]+(?P<available>\d+)[ \t]+\S.*?)?[ \t]+\d+[smhdy]\w*\b"
)
"""A ReplicaSet or a DaemonSet."""
_JOB_ROW = re.compile(
    r"(?<![\w./-])(?:job(?:\.batch)?/)?(?P<name>[a-z0-9][a-z0-9.-]+)[ \t]+(?P<status>Complete|Failed|Running|Suspended)"
    r"[ \t]+(?P<done>\d+)/(?P<all>\d+)(?![\w/])"
)
_BLOCK = re.compile(r"^Name:[ \t]+(?P<name>\S+)[ \t]*$", re.MULTILINE)
_RESTARTS = re.compile(r"Restart Count:\s+(\d+)")
_STATUS = re.compile(r"^Status:[ \t]+(\w+)", re.MULTILINE)
_READY = re.compile(r"^\s+Ready\s+(True|False)\s*$", re.MULTILINE)
_REPLICAS = re.compile(
    r"^Replicas:[ \t]+(\d+) desired \| (\d+) updated \| (\d+) total \| (\d+) available \| (\d+) unavailable",
    re.MULTILINE,
)
_FAILING = re.compile(r"^\s+(?:ReplicaFailure\s+True|Progressing\s+False|Available\s+False|Failed\s+True)\b", re.M)
_STATUSES = re.compile(r"^Pods Statuses:[ \t]+(\d+) Active(?: \(\d+ Ready\))? / (\d+) Succeeded / (\d+) Failed", re.M)
_COMPLETE = re.compile(r"^\s+(?:Complete|SuccessCriteriaMet)\s+True\b|^Completed At:[ \t]+\S", re.MULTILINE)
_STARTING = frozenset({"ContainerCreating", "PodInitializing", "Terminating"})
"""Says nothing either way: what comes of it shows in another sight of the pod, or not at all."""
_DONE = frozenset({"Completed", "Succeeded"})
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}
_WANTS_NONE = re.compile(r"[ \t]0/0[ \t]|^Replicas:[ \t]+0 desired ")
_FEW, _LONG_AGO = 2, 3600
_CALM_AFTER = 2.0
"""Times the usual time between two restarts after which none is taken to be the last of them."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One object as one output shows it: `kind` is `pod`, `owner` (what keeps pods running) or `job`.

    `done` says that it did its work. `restarts` are those of a pod's containers; `restarting` that they may go on.
    `state` is kubectl's word for a pod that is not well.
    `waits_for` is how many pods an owner waits for that it has made: so many that are ready since say that it is well.
    """

    kind: str
    name: str
    well: bool
    text: str
    done: bool = False
    restarts: int = 0
    restarting: bool = False
    waits_for: int = 0
    state: str = ""

    @property
    def empty(self) -> bool:
        """Whether it is an owner that wants no pods at all."""
        return self.kind == "owner" and _WANTS_NONE.search(self.text) is not None

    @property
    def workload(self) -> str:
        """What it belongs to."""
        return workload_of(self.name)


def sights_of(texts: Iterable[tuple[str, str]]) -> tuple[tuple[str, Sight], ...]:
    """What all outputs show, each with its path; of the restarts of a pod a table with times knows more."""
    seen = [(path, sight) for path, text in texts for sight in sights_in(text)]
    timed = {(one.name, one.restarts) for _, one in seen if one.restarts and not one.restarting}
    return tuple(
        (path, replace(one, restarting=False) if (one.name, one.restarts) in timed else one) for path, one in seen
    )


def sights_in(text: str) -> Iterator[Sight]:
    """What one output shows."""
    blocks = list(_BLOCK.finditer(text))
    ends = [block.start() for block in blocks[1:]] + [len(text)]
    for block, end in zip(blocks, ends, strict=False):
        yield from _described(block["name"], block[0], text[block.start() : end])
    for line in text[: blocks[0].start() if blocks else len(text)].splitlines():
        yield from _row(line)


def _described(name: str, line: str, text: str) -> Iterator[Sight]:
    status, ready = _STATUS.search(text), _READY.search(text)
    replicas, jobs = _REPLICAS.search(text), _STATUSES.search(text)
    if replicas:
        desired, updated, total, available, unavailable = (int(count) for count in replicas.groups())
        well = desired == updated == total == available and not unavailable and not _FAILING.search(text)
        yield Sight("owner", name, well, replicas[0].strip())
    elif jobs and "\nParallelism:" in text:
        done = _COMPLETE.search(text) is not None and int(jobs[1]) == 0 and not _FAILING.search(text)
        yield Sight("job", name, done, jobs[0].strip(), done=done)
    elif status and (restarts := [int(count) for count in _RESTARTS.findall(text)]):
        done = status[1] in _DONE
        well = done or (status[1] == "Running" and ready is not None and ready[1] == "True")
        yield Sight("pod", name, well, line, done=done, restarts=sum(restarts), restarting=sum(restarts) > 1)


def _row(line: str) -> Iterator[Sight]:
    if job := _JOB_ROW.search(line):
        done = job["status"] == "Complete" and job["done"] == job["all"]
        yield Sight("job", job["name"], done, line.strip(), done=done)
    elif (row := _POD_ROW.search(line)) and row["status"] not in _STARTING:
        done = row["status"] in _DONE
        well = done or (row["ready"] == row["all"] and row["status"] == "Running")
        count = int(row["restarts"] or 0)
        again = count > 0 and _goes_on(count, row["ago"], row["age"])
        state = "" if well else row["status"]
        yield Sight("pod", row["name"], well, row[0].strip(), done, count, again, state=state)
    elif owner := _OWNER_ROW.search(line):
        counts = {owner["ready"], owner["all"], *(owner[key] for key in ("new", "available") if owner[key])}
        waits = int(owner["all"]) if owner["new"] == owner["all"] else 0
        yield Sight("owner", owner["name"], len(counts) == 1, owner[0].strip(), waits_for=waits)
    elif owner := _COUNTS_ROW.search(line):
        keys = ("all", "current", "ready", "new", "available")
        counts = {owner[key] for key in keys if owner[key]}
        yield Sight("owner", owner["name"], len(counts) == 1, owner[0].strip(), waits_for=int(owner["all"]))


def _goes_on(count: int, ago: str | None, age: str | None) -> bool:
    """Whether a container that restarted so often may do so again soon; where no times are told, once is the past."""
    last, whole = seconds_of(ago or ""), seconds_of(age or "")
    if last is None or whole is None:
        return count > 1
    if count <= _FEW and last >= _LONG_AGO:
        return False
    return last < _CALM_AFTER * (whole - last) / count


def seconds_of(text: str) -> float | None:
    """kubectl's way to write a stretch of time.

    >>> seconds_of("2m32s"), seconds_of("5d"), seconds_of("soon")
    (152, 432000, None)
    """
    if not re.fullmatch(r"(?:\d+[smhdy])+", text):
        return None
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([smhdy])", text))
