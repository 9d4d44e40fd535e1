"""Everything one investigation has to go by, whichever collectors brought it: the input of all reasoning."""

from dataclasses import dataclass
from datetime import datetime

from agent.domain.change import Commit, Deploy
from agent.domain.service_state import ServiceState
from agent.domain.telemetry import Series, Span


@dataclass(frozen=True, slots=True)
class Document:
    """A text kept whole, so that it can be quoted: a command's output, a note, a job's log."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class LogFile:
    """The raw lines of one subject in the order written; `previous` marks the log of a container's former run."""

    subject: str
    path: str
    lines: tuple[str, ...]
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time of which either end may be unknown."""

    start: datetime | None = None
    end: datetime | None = None
    onset: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Investigation:
    """The question, and all that the person on call can see.

    `edges` are (caller, callee). `subjects` are the candidates where somebody named them. `gaps` say in a sentence
    each what could not be seen and why: absent evidence is never evidence of absence. `services` are as they were when
    the evidence was gathered; none where nobody looked. `records` are the texts that
    series, spans and commits were read from, kept to quote from.
    """

    title: str
    alert: str
    alert_at: datetime | None = None
    asks: tuple[str, ...] = ()
    window: Period = Period()
    baseline: Period = Period()
    edges: tuple[tuple[str, str], ...] = ()
    subjects: tuple[str, ...] = ()
    logs: tuple[LogFile, ...] = ()
    jobs: tuple[LogFile, ...] = ()
    series: tuple[Series, ...] = ()
    spans: tuple[Span, ...] = ()
    commits: tuple[Commit, ...] = ()
    deploys: tuple[Deploy, ...] = ()
    services: tuple[ServiceState, ...] = ()
    kubernetes: tuple[Document, ...] = ()
    notes: tuple[Document, ...] = ()
    records: tuple[Document, ...] = ()
    gaps: tuple[str, ...] = ()
