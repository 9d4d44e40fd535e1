"""The wiring of suggestions, from what was read to the ranked list; reads as a table of contents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.advice import Material, Ranked, Remembered, Warned, material_of, ranked, suggestions_of
from agent.domain import Collected, CollectedStatus, Event, Severity
from agent.domain.project_files import ProjectFiles
from agent.domain.suggestion import Feedback, Shown
from agent.normalize.redaction import redacted
from agent.normalize.templates import mine
from agent.ports import KnowledgeBase

MOST_INCIDENTS = 500
_LONGEST_QUOTE = 200
_MANY = {"log entry": "log entries"}


@dataclass(frozen=True, slots=True)
class Advised:
    """The suggestions in their order, what was looked at, and what could not be."""

    places: tuple[Ranked, ...]
    seen: tuple[str, ...]
    gaps: tuple[str, ...]


def advise(
    files: ProjectFiles,
    remembered: Remembered | str,
    logs: Collected,
    feedback: Sequence[Feedback],
    *,
    project: str,
    secrets: Sequence[str] = (),
) -> Advised:
    """What the project's files, its memory and its logs suggest, ranked by priority and by what the team acts on.

    `remembered` is a sentence where the knowledge base could not be seen.
    """
    known = Remembered() if isinstance(remembered, str) else remembered
    material = material_of(files, known, warned_of(logs.records, secrets))
    places = ranked(suggestions_of(material), feedback, project)
    return Advised(places, _seen(material, logs, remembered), _gaps(material, logs, remembered))


def remembered_of(base: KnowledgeBase) -> Remembered:
    """What a knowledge base holds that suggestions can come from."""
    incidents = base.incidents(limit=MOST_INCIDENTS)
    patterns = dict.fromkeys(incident.pattern for incident in incidents)
    return Remembered(incidents, tuple(rate for pattern in patterns for rate in base.success_rates(pattern)))


def warned_of(events: Iterable[Event], secrets: Sequence[str] = ()) -> tuple[Warned, ...]:
    """The kinds of lines at level warning or worse, by service and level, the most frequent first."""
    groups: dict[tuple[str, Severity], list[Event]] = defaultdict(list)
    for event in events:
        if event.kind.startswith("log") and event.severity.at_least(Severity.WARN):
            groups[event.subject, event.severity].append(event)
    found: list[Warned] = []
    for (subject, severity), some in sorted(groups.items()):
        mined = mine(redacted(event.message.partition("\n")[0], secrets) for event in some)
        for template in mined.templates:
            example = some[template.example_index]
            quote = redacted(example.message.partition("\n")[0], secrets)[:_LONGEST_QUOTE].strip()
            found.append(
                Warned(
                    subject=subject,
                    severity=severity,
                    template=template.text or "(no message)",
                    count=template.count,
                    first_at=some[template.first_index].at,
                    last_at=some[template.last_index].at,
                    example=Shown(example.place or example.source, None, quote or "(no message)"),
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.count, one.subject, one.template)))


def _seen(material: Material, logs: Collected, remembered: Remembered | str) -> tuple[str, ...]:
    counts = {"file": len(material.files.texts), "log entry": len(logs.records)}
    if not isinstance(remembered, str):
        counts["incident"] = len(remembered.incidents)
    return tuple(f"{count} {what if count == 1 else _MANY.get(what, f'{what}s')}" for what, count in counts.items())


def _gaps(material: Material, logs: Collected, remembered: Remembered | str) -> tuple[str, ...]:
    unseen = () if logs.status is not CollectedStatus.UNAVAILABLE else (f"the logs were not seen: {logs.detail}",)
    unknown = (f"the knowledge base was not seen: {remembered}",) if isinstance(remembered, str) else ()
    return (*material.gaps, *unseen, *unknown)
