"""Answers "what failed?": runs that failed, services that are not well, errors in the logs."""

from collections.abc import Iterator

from agent.answers.asking import Question
from agent.answers.bursts import burst_findings
from agent.answers.runs import Run, is_stopped, last_success, runs_of
from agent.domain import Answer, Event, Evidence, Finding, Severity
from agent.timeline import Timeline

MOST_RUNS = 5
MOST_BURSTS = 5
_UNWELL = frozenset({"service.unhealthy", "service.stopped", "readiness.down", "readiness.silent"})


def what_failed(question: Question, timeline: Timeline) -> Answer:
    """What is broken now, then the newest failed runs, then what was logged since the stack last came up."""
    runs = runs_of(timeline)
    is_down = is_stopped(timeline)
    success = last_success(runs)
    end = success.end if success else None
    logged = (event for event in timeline.of_kind("log").at_least(Severity.ERROR) if end is None or event.at >= end.at)
    findings = [
        *(finding for event in timeline if event.kind in _UNWELL and not is_down for finding in _unwell(event)),
        *(finding for run in _failed(runs) for finding in _failures(run, success)),
        *burst_findings(logged, most=MOST_BURSTS),
    ]
    if question.subjects:
        findings = [finding for finding in findings if finding.subject in question.subjects]
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=_headline(question, len(findings)),
        findings=tuple(findings),
        notes=(*_notes(success), *_gaps(timeline, is_down=is_down)),
    )


def _failed(runs: tuple[Run, ...]) -> list[Run]:
    return [run for run in reversed(runs) if run.failures or (run.end and not run.succeeded)][:MOST_RUNS]


def _unwell(event: Event) -> Iterator[Finding]:
    yield Finding(
        rule="service-unwell",
        subject=event.subject,
        title=event.message.splitlines()[0] if event.kind.startswith("service.") else f"{event.subject} is not ready",
        evidence=(Evidence.of(event, reason="observed just now"),),
        confidence=0.95,
    )


def _failures(run: Run, success: Run | None) -> Iterator[Finding]:
    recovered = success is not None and success.events[-1].at > run.events[-1].at
    later = "; a later `up` succeeded" if recovered else ""
    for event in run.failures or ((run.end,) if run.end else ()):
        task = event.attrs.get("task")
        what = f"task “{task}” failed on {event.subject}" if task else event.message.splitlines()[0]
        yield Finding(
            rule="run-failed",
            subject=event.subject,
            title=f"`{run.verb}` at {event.at:%Y-%m-%d %H:%M:%S} UTC (run {run.run_id}): {what}{later}",
            evidence=(Evidence.of(event, reason=f"recorded by run {run.run_id}"),),
            confidence=0.5 if recovered else 0.95,
        )


def _headline(question: Question, count: int) -> str:
    of = f" with {', '.join(question.subjects)}" if question.subjects else ""
    if count == 0:
        return f"Nothing wrong was found{of} in what was seen."
    return f"{count} thing{'s' if count > 1 else ''} went wrong{of}:"


def _notes(success: Run | None) -> tuple[str, ...]:
    if success is None or success.end is None:
        return ("No successful `up` is on record; errors are told from the whole time looked at.",)
    ended = f"{success.end.at:%Y-%m-%d %H:%M:%S} UTC"
    return (f"The last `up` that ended well was at {ended}; logged errors are told since then.",)


def _gaps(timeline: Timeline, *, is_down: bool) -> Iterator[str]:
    if is_down:
        yield "The stack is stopped, which is no failure by itself; `blissful-infra up` starts it."
    if timeline.unseen:
        yield f"Not an all-clear for what was not seen: {', '.join(timeline.unseen)}."
