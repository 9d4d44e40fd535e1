"""Answers "why is X not ready?": what it says itself, which dependency fails, and what that one logged."""

from collections.abc import Iterator

from agent.answers.asking import Question
from agent.answers.bursts import burst_findings
from agent.answers.runs import is_stopped
from agent.domain import Answer, Event, Evidence, Finding, Severity
from agent.timeline import Timeline

MOST_BURSTS = 3
_WELL = frozenset({"service.healthy", "service.finished"})


def why_not_ready(question: Question, timeline: Timeline) -> Answer:
    """Of the services named, or of all that are not ready: the failing dependency, quoted, and its own state."""
    if question.strangers:
        return _stranger(question)
    observed = {
        event.subject: event for event in timeline if event.kind.startswith("service.") and "health" in event.attrs
    }
    ready = {event.subject: event for event in timeline.of_kind("readiness")}
    unwell = tuple(name for name in observed if not _is_well(observed[name], ready.get(name)))
    asked = question.subjects or unwell
    findings = tuple(finding for name in asked for finding in _reasons(name, observed, ready, timeline))
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=_headline(asked, observed, unwell),
        findings=findings if set(asked) & set(unwell) or not observed else (),
        notes=_notes(asked, observed, unwell, findings),
    )


def _stranger(question: Question) -> Answer:
    names = ", ".join(question.services) or "none"
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=f"The stack has no service {question.strangers[0]!r}.",
        notes=(f"Its services are {names}.",),
    )


def _is_well(state: Event, readiness: Event | None) -> bool:
    return state.kind in _WELL and (readiness is None or readiness.kind == "readiness.up")


def _reasons(name: str, observed: dict[str, Event], ready: dict[str, Event], timeline: Timeline) -> Iterator[Finding]:
    readiness, state = ready.get(name), observed.get(name)
    failing: dict[str, str] = dict(readiness.attrs.get("failing", ())) if readiness else {}
    if readiness is not None and readiness.kind == "readiness.down":
        for dependency, reason in failing.items():
            yield _dependency(name, dependency, reason, readiness, observed.get(dependency))
    if state is not None and not failing and not _is_well(state, readiness):
        cited = readiness if readiness is not None and state.kind in _WELL else state
        yield Finding(
            rule="service-not-ready",
            subject=name,
            title=cited.message.splitlines()[0],
            evidence=tuple(
                Evidence.of(event, reason="observed just now") for event in (state, readiness) if event is not None
            ),
            confidence=0.9,
        )
    needs = tuple(state.attrs.get("needs", ())) if state else ()
    unwell_needs = [
        need for need in needs if need in observed and observed[need].kind not in _WELL and need not in failing
    ]
    for need in unwell_needs:
        yield Finding(
            rule="dependency-not-ready",
            subject=need,
            title=f"{name} needs {need}, and {observed[need].message.splitlines()[0]}",
            evidence=(Evidence.of(observed[need], reason="observed just now"),),
            confidence=0.85,
        )
    errors = timeline.of_kind("log").at_least(Severity.ERROR)
    concerned = {name, *failing, *unwell_needs}
    yield from burst_findings((event for event in errors if event.subject in concerned), most=MOST_BURSTS)


def _dependency(name: str, dependency: str, reason: str, readiness: Event, state: Event | None) -> Finding:
    quote = reason if reason and reason in readiness.message else None
    evidence = [Evidence.of(readiness, reason=f"{name} answers at /ready", quote=quote)]
    if state is not None:
        evidence.append(Evidence.of(state, reason="observed just now"))
    return Finding(
        rule="dependency-down",
        subject=dependency,
        title=f"{name} is not ready because {dependency} is down" + (f": {reason}" if reason else ""),
        evidence=tuple(evidence),
        confidence=0.95 if state is not None and state.kind not in _WELL else 0.85,
    )


def _headline(asked: tuple[str, ...], observed: dict[str, Event], unwell: tuple[str, ...]) -> str:
    if not observed:
        return "The stack could not be observed, so whether anything is ready is not known."
    bad = [name for name in asked if name in unwell]
    if bad:
        return f"{', '.join(bad)} {'is' if len(bad) == 1 else 'are'} not ready:"
    if not asked:
        return "Every service is ready."
    unseen = [name for name in asked if name not in observed]
    if unseen:
        return f"{', '.join(unseen)} was not seen, so whether it is ready is not known."
    return f"{', '.join(asked)} {'is' if len(asked) == 1 else 'are'} ready now."


def _notes(
    asked: tuple[str, ...], observed: dict[str, Event], unwell: tuple[str, ...], findings: tuple[Finding, ...]
) -> tuple[str, ...]:
    others = [name for name in unwell if name not in asked]
    notes = [f"Not ready either: {', '.join(others)}."] if others else []
    if is_stopped(observed.values()):
        notes.append("The whole stack is stopped; `blissful-infra up` starts it.")
    if set(asked) & set(unwell) and not findings:
        notes.append("Nothing says why; `blissful-infra logs` shows what the services wrote.")
    return tuple(notes)
