"""Answers "what changed since it worked?": commits and uncommitted files since the last `up` that ended well."""

from datetime import datetime

from agent.answers.asking import Question
from agent.answers.runs import last_success, runs_of
from agent.domain import Answer, Event, Evidence, Finding
from agent.timeline import Timeline

MOST = 50
_CONFIGURATION = ("blissful-infra.yaml", "compose.yaml", "Dockerfile", ".env", "pom.xml", "pyproject.toml")
_SHOWN_FILES = 5


def what_changed(question: Question, timeline: Timeline) -> Answer:
    """Each change a finding, configuration first, then the newest; no claim that one of them is to blame."""
    success = last_success(runs_of(timeline))
    began = success.events[0].at if success else None
    changes = [event for event in timeline.of_kind("commit", "file") if began is None or event.at > began]
    changes.sort(key=lambda event: event.at, reverse=True)
    changes.sort(key=lambda event: not _configuration_in(event))
    findings = tuple(_finding(event) for event in changes[:MOST])
    notes = [] if len(changes) <= MOST else [f"{len(changes) - MOST} more changes are left out."]
    if success is None and changes:
        notes.append("No `up` that ended well is on record, so these are all changes in the time looked at.")
    return Answer(
        question=question.text,
        intent=question.intent,
        headline=_headline(changes, began, is_seen="git" not in timeline.unseen),
        findings=findings,
        notes=tuple(notes),
    )


def _headline(changes: list[Event], began: datetime | None, *, is_seen: bool) -> str:
    since = f" since {began:%Y-%m-%d %H:%M:%S} UTC, when it last worked" if began else ""
    if not is_seen:
        return f"What changed{since} is not known: git could not be asked."
    if not changes:
        return f"No change was found{since}."
    commits = sum(event.kind == "commit.made" for event in changes)
    parts = [(commits, "commit"), (len(changes) - commits, "uncommitted file")]
    counted = " and ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in parts if count)
    return f"{counted} changed{since}:" if since else f"{counted} changed:"


def _finding(event: Event) -> Finding:
    configuration = _configuration_in(event)
    about = f" (configuration: {', '.join(configuration)})" if configuration else ""
    diff = event.attrs.get("diff")
    if event.kind == "commit.made":
        files = event.attrs.get("files", ())
        rest = f" and {len(files) - _SHOWN_FILES} more" if len(files) > _SHOWN_FILES else ""
        shown = f"; touches {', '.join(files[:_SHOWN_FILES])}{rest}" if files else ""
        title = (
            f"commit {event.subject} at {event.at:%Y-%m-%d %H:%M:%S} UTC by {event.attrs.get('author')}{about}{shown}"
        )
    else:
        title = f"{event.message}{about}"
    return Finding(
        rule="changed-since-success",
        subject=event.subject,
        title=title,
        evidence=(Evidence.of(event, reason="recorded by git", quote=diff or event.message or None),),
        confidence=0.99,
    )


def _configuration_in(event: Event) -> tuple[str, ...]:
    paths = event.attrs.get("files", ()) if event.kind == "commit.made" else (event.subject,)
    return tuple(path for path in paths if path.endswith(_CONFIGURATION) or "/migration" in path)
