"""What is well right now, whatever happened before: the workloads and services all of whose sights are good."""

import re
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

from agent.domain.claim import Quote
from agent.domain.investigation import Investigation, LogFile
from agent.domain.service_state import Health
from agent.domain.severity import Severity
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.sights import Sight, sights_of
from agent.normalize.log_line import parsed
from agent.rca.once import once

WARNS, FAILS = 1, 2
LOOKED_AT = 2000
"""Of a log, its last lines."""
LINE_CHARACTERS = 2000
CALM_LINES = 3
"""Lines that a log goes on for after a failure, at least, before the failure counts as got over."""
CALM_TIMES = 2
"""Times the usual distance between two failures."""

_FAILS = re.compile(
    r"\b(?:error|fatal|panic|exception|critical|traceback|fail(?:ed|s|ure)?|could not|cannot|can't|unable to|refused|"
    r"reset by peer|timed out|unavailable|not be available|denied|unreachable)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"\b(?:ignor(?:ed|ing)|deprecated|(?:no|0) (?:errors?|failures?))\b", re.IGNORECASE)
_NAMES = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
SHORTEST_NAME = 3
TAIL = 20
"""Lines at the end of a log of which at most half may warn of failures."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One good or bad sight, with the text that shows it."""

    sight: Sight
    quote: Quote


@once
def sights(investigation: Investigation) -> tuple[Seen, ...]:
    """All sights of pods, of what owns them, of jobs, and of a stack's services."""
    found = [
        Seen(sight, Quote(path, sight.text, "as it was seen"))
        for path, sight in sights_of((one.path, one.text) for one in investigation.kubernetes)
    ]
    stack = next((note for note in investigation.notes if note.path.startswith("notes/stack")), None)
    for service in investigation.services:
        lines = stack.text.splitlines() if stack else []
        text = next((line for line in lines if f'"{service.name}"' in line or f"name: {service.name}," in line), "")
        if stack and text and service.health != Health.STARTING:
            well = service.health in {Health.HEALTHY, Health.FINISHED} and not service.failing
            sight = Sight("service", service.name, well, text, restarts=service.restarts)
            found.append(Seen(sight, Quote(stack.path, text.removeprefix("- ").strip(), "as it was seen")))
    return tuple(found)


def of_workload(investigation: Investigation, workload: str) -> list[Seen]:
    """The sights of a workload or a service, those of the runs of a scheduled job too."""
    return [one for one in sights(investigation) if belongs(one.sight.name, workload)]


def belongs(name: str, workload: str) -> bool:
    """Whether an object's name is a workload's, or was made from it."""
    return name == workload or workload_of(name) == workload or workload_of(workload_of(name)) == workload


def logs_of(investigation: Investigation, workload: str) -> list[LogFile]:
    """The logs of a workload or a service, those of former containers too."""
    return [log for log in investigation.logs if belongs(log.subject.rsplit("/", 1)[-1], workload)]


def is_well(investigation: Investigation, workload: str) -> bool:
    """Whether it was seen, and every sight of it is good; the failed tries of a job that is done are the past."""
    seen = [one.sight for one in of_workload(investigation, workload)]
    done = {one.name for one in seen if one.kind == "job" and one.done}
    living = [one for one in seen if not (one.kind == "pod" and not one.well and one.workload in done)]
    ready = len({one.name for one in living if one.kind == "pod" and one.well})
    living = [one for one in living if one.well or not 0 < one.waits_for <= ready]
    return bool(living) and all(one.well and not one.restarting for one in living)


def is_calm(investigation: Investigation, workload: str) -> bool:
    """Whether no log of what runs now ends in failures: none, warnings only, or failures that were got over."""
    done = {
        one.sight.name for one in of_workload(investigation, workload) if one.sight.kind == "job" and one.sight.done
    }
    logs = [log for log in logs_of(investigation, workload) if not log.previous]
    return not any(_goes_on(log) for log in logs if not done & {workload_of(log.subject)})


def is_harmless(line: str) -> bool:
    """Whether the line itself says that nothing came of it.

    >>> is_harmless("ERROR ignoring malformed event"), is_harmless("ERROR malformed event")
    (True, False)
    """
    return _HARMLESS.search(line[:LINE_CHARACTERS]) is not None


def _goes_on(log: LogFile) -> bool:
    levels = [badness_of(line) for line in log.lines[-LOOKED_AT:]]
    tail = levels[-TAIL:]
    if tail and 2 * sum(level >= WARNS for level in tail) > len(tail) and tail.count(WARNS) > CALM_LINES:
        return True
    failures = [number for number, level in enumerate(levels) if level == FAILS]
    if not failures:
        return False
    gaps = [later - sooner for sooner, later in pairwise(failures)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 1
    return len(levels) - 1 - failures[-1] < max(CALM_LINES, CALM_TIMES * usual)


def badness_of(line: str) -> int:
    """`FAILS` for a failure, `WARNS` for a warning of one, else 0; by its level where it has one, else by its words.

    >>> badness_of("ERROR no db"), badness_of("level=warn msg=slow"), badness_of("level=warn msg=failed")
    (2, 0, 1)
    >>> badness_of('{"level":"error","msg":"ignoring a bad pixel"}')
    0
    """
    head = line[:LINE_CHARACTERS]
    if is_harmless(head):
        return 0
    level = parsed(head.encode("utf-8", "replace"), zone=UTC).level
    if level is not None and level.at_least(Severity.ERROR):
        return FAILS
    if _FAILS.search(head) is None or level not in {None, Severity.WARN}:
        return 0
    return FAILS if level is None else WARNS


def asked_of(investigation: Investigation) -> tuple[str, ...]:
    """The workloads and services that the question names and of which something was seen, in its order."""
    text = f"{investigation.title} {investigation.alert}"
    named = dict.fromkeys(name for name in _NAMES.findall(text) if len(name) >= SHORTEST_NAME)
    seen = {one.sight.name for one in sights(investigation)}
    return tuple(name for name in named if any(belongs(one, name) for one in seen))
