"""What to ask of a project that nobody has described an incident of: what is not well now, else what failed last."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from agent.domain.investigation import Investigation
from agent.domain.service_state import Health, ServiceState
from agent.normalize.timestamps import moment_of

_BAD = (Health.UNHEALTHY, Health.STOPPED)
_RUN_LINE = re.compile(r"^(?P<at>\S+) (?P<verb>\S+) (?P<kind>[a-z.-]+) (?P<rest>.*)$", re.MULTILINE)
_POD = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9.-]*)\s+(?P<ready>\d+)/(?P<all>\d+)\s+(?P<status>[A-Z][\w:./-]+)", re.MULTILINE
)
_DONE = frozenset({"Completed", "Succeeded"})
_MOST = 5


def asked(investigation: Investigation, project: str, now: datetime) -> Investigation:
    """The investigation with the question that its own evidence raises: title, alert and when it was raised."""
    title, lines, at = _question(investigation, project, now)
    alert = "\n".join([title, *lines])
    return dataclasses.replace(investigation, title=title, alert=alert, alert_at=at)


def _question(investigation: Investigation, project: str, now: datetime) -> tuple[str, list[str], datetime]:
    bad = _not_well(investigation.services)
    pods = list(_bad_pods(investigation))
    if bad or pods:
        said = [_told(service) for service in bad] + pods
        more = f" and {len(said) - _MOST} more" if len(said) > _MOST else ""
        return f"{project}: {'; '.join(said[:_MOST])}{more}", [_detail(one) for one in bad if _detail(one)], now
    failed = _last_failure(investigation)
    if failed is not None:
        at, verb, reasons = failed
        first = f": {reasons[0]}" if reasons else ""
        return f"{project}: the last {verb} failed{first}", reasons[1:], at
    names = [service.name for service in investigation.services]
    names = names or sorted({log.subject for log in investigation.logs})
    of = f" ({', '.join(names)})" if names else ""
    return f"Is anything wrong with {project}{of}?", [], now


def _not_well(services: tuple[ServiceState, ...]) -> list[ServiceState]:
    """Those that are not well; what others wait for comes first."""
    bad = [one for one in services if one.health in _BAD or one.failing]
    names = {one.name for one in bad}
    return sorted(bad, key=lambda one: len(names & set(one.needs)))


def _told(service: ServiceState) -> str:
    if service.health in _BAD:
        return f"{service.name} is {service.health}"
    return f"{service.name} is not ready, it misses {', '.join(name for name, _ in service.failing)}"


def _detail(service: ServiceState) -> str:
    reasons = [f"{name}: {why}" for name, why in service.failing if why]
    parts = [part for part in (service.detail, *reasons) if part]
    return f"{service.name}: {'; '.join(parts)}" if parts else ""


def _bad_pods(investigation: Investigation) -> Iterator[str]:
    for document in investigation.kubernetes:
        if "/get-pods" in document.path:
            for row in _POD.finditer(document.text):
                if row["status"] not in _DONE and (row["ready"] != row["all"] or row["status"] != "Running"):
                    yield f"pod {row['name']} is {row['status']} ({row['ready']}/{row['all']} ready)"


def _last_failure(investigation: Investigation) -> tuple[datetime, str, list[str]] | None:
    """When the last run failed, what it was, and what it said; `None` when the last one ended well."""
    text = next((note.text for note in investigation.notes if note.path == "notes/runs.txt"), "")
    lines = [row for row in _RUN_LINE.finditer(text) if moment_of(row["at"], UTC) is not None]
    ends = [index for index, row in enumerate(lines) if row["kind"] == "run.finished"]
    if not ends or "the run failed" not in lines[ends[-1]]["rest"]:
        return None
    start = ends[-2] + 1 if len(ends) > 1 else 0
    last = lines[ends[-1]]
    reasons = [
        row["rest"]
        for row in lines[start : ends[-1]]
        if row["kind"] in ("task.failed", "task.unreachable", "service.failed", "service.unhealthy")
    ]
    at = moment_of(last["at"], UTC)
    return None if at is None else (at, last["verb"], reasons[:_MOST])
