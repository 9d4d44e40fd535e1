"""Each question answered from events alone, and what is said when they show nothing."""

import pytest

from agent.answers import ANSWERS, Intent, understood
from agent.domain import Answer, Collected, Event, Severity
from agent.pipeline import answer
from agent.timeline import Timeline, timeline_of
from tests.unit.agent.factories import RUN, a_state, an_end, an_event

SERVICES = ("postgres", "kafka", "app")


def asked(text: str, *events: Event, unseen: tuple[str, ...] = ()) -> Answer:
    ordered = tuple(sorted(events, key=lambda event: event.at))
    question = understood(text, SERVICES)
    return ANSWERS[question.intent](question, Timeline(ordered, unseen))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("show me recent logs", Intent.RECENT_LOGS),
        ("what failed?", Intent.WHAT_FAILED),
        ("Is everything ok?", Intent.WHAT_FAILED),
        ("why is app not ready?", Intent.WHY_NOT_READY),
        ("why won't kafka start", Intent.WHY_NOT_READY),
        ("what changed since it worked?", Intent.WHAT_CHANGED),
        ("sing me a song", Intent.NOT_UNDERSTOOD),
        ("", Intent.NOT_UNDERSTOOD),
    ],
)
def test_questions_are_told_apart(text: str, intent: Intent) -> None:
    assert understood(text, SERVICES).intent is intent


def test_numbers_services_and_levels_narrow_the_logs() -> None:
    question = understood("show the last 20 errors in the logs of the database", SERVICES)
    assert (question.count, question.subjects, question.severity) == (20, ("postgres",), Severity.ERROR)


def test_recent_logs_are_the_last_fifty_in_order() -> None:
    events = [an_event(minute=minute, message=str(minute)) for minute in range(60)]
    found = asked("show me recent logs", *events)
    assert found.headline == "Here are the last 50 log entries:"
    assert [event.message for event in found.events] == [str(minute) for minute in range(10, 60)]


def test_fewer_logs_are_counted_and_none_are_said() -> None:
    assert asked("show me recent logs", an_event(), an_event(minute=1)).headline == "Here are all 2 log entries:"
    assert asked("logs of kafka", an_event()).headline == "There are no log entries of kafka in what was seen."


def a_failed_task(minute: int = 0) -> Event:
    return an_event(
        kind="task.failed", source="run-events", subject="local", severity=Severity.ERROR, run_id=RUN, minute=minute,
        message="Port 5432 is taken by pid 71", attrs={"task": "Start Postgres", "verb": "up"}, place=f"{RUN}.jsonl:7",
    )  # fmt: skip


def test_a_failed_task_is_told_with_run_time_and_quote() -> None:
    failed = a_failed_task()
    found = asked("what failed?", failed, an_end(ok=False, minute=1))
    (finding,) = found.findings
    assert "Start Postgres" in finding.title
    assert RUN in finding.title
    assert "2026-01-01 12:00:00 UTC" in finding.title
    assert finding.evidence[0].quote == "Port 5432 is taken by pid 71"
    assert finding.event_ids == (failed.id,)


def test_a_failure_that_was_mended_says_so() -> None:
    later = "20260101T130000Z-up-0a1c"
    found = asked("what failed?", a_failed_task(), an_end(ok=False, minute=1), an_end(ok=True, minute=90, run_id=later))
    assert found.findings[0].title.endswith("a later `up` succeeded")
    assert found.findings[0].confidence == 0.5


def test_equal_errors_are_one_finding_with_a_count() -> None:
    errors = [an_event(minute=m, severity=Severity.ERROR, message=f"timeout after {m} ms") for m in range(30)]
    (finding,) = asked("what failed?", *errors).findings
    assert "30 times" in finding.title
    assert set(finding.event_ids) <= {event.id for event in errors}


def test_a_bare_traceback_is_told_by_the_error_it_ends_with() -> None:
    errors = [
        an_event(
            minute=minute,
            severity=Severity.ERROR,
            message="Traceback (most recent call last):",
            attrs={"stack": f'  File "/srv/app/hello.py", line 4\n    frm typing\n{name}: no good'},
        )
        for minute, name in enumerate(("SyntaxError", "KeyError", "SyntaxError"))
    ]
    titles = [finding.title for finding in asked("what failed?", *errors).findings]
    assert titles == [
        "app logged 2 times at level error: SyntaxError: no good",
        "app logged once at level error: KeyError: no good",
    ]


def test_errors_before_the_last_good_up_are_not_told() -> None:
    old = an_event(severity=Severity.ERROR, message="old", minute=-30)
    assert asked("what failed?", old, an_end(ok=True)).findings == ()


def test_a_healthy_stack_has_nothing_wrong_and_names_what_was_not_seen() -> None:
    found = asked("what failed?", a_state("app", "healthy"), an_end(ok=True), unseen=("git",))
    assert found.headline == "Nothing wrong was found in what was seen."
    assert found.notes[-1] == "Not an all-clear for what was not seen: git."


def test_a_stopped_stack_is_no_failure() -> None:
    found = asked("what failed?", a_state("app", "stopped"), a_state("postgres", "stopped"))
    assert found.findings == ()
    assert "The stack is stopped" in found.notes[-1]


def a_readiness(body: str, failing: tuple[tuple[str, str], ...]) -> Event:
    return an_event(
        kind="readiness.down" if failing else "readiness.up", source="stack", message=body, minute=60,
        severity=Severity.ERROR if failing else Severity.INFO, attrs={"failing": failing}, place="GET /ready",
    )  # fmt: skip


def test_the_failing_dependency_is_named_and_quoted() -> None:
    body = '{"status":"DOWN","checks":{"postgres":"DOWN"},"reasons":{"postgres":"connection refused"}}'
    ready = a_readiness(body, (("postgres", "connection refused"),))
    down = a_state("postgres", "stopped", "exited with 137")
    logged = an_event(subject="postgres", severity=Severity.FATAL, message="terminating", minute=59)
    found = asked("why is app not ready?", a_state("app", "unhealthy"), ready, down, logged)
    assert found.headline == "app is not ready:"
    assert found.findings[0].title == "app is not ready because postgres is down: connection refused"
    assert found.findings[0].evidence[0].quote == "connection refused"
    assert down.id in found.findings[0].event_ids
    assert any(logged.id in finding.event_ids for finding in found.findings)


def test_a_reason_not_written_as_such_quotes_the_body() -> None:
    ready = a_readiness('{"checks":{"kafka":"DOWN"}}', (("kafka", ""),))
    found = asked("why is app not ready?", a_state("app", "healthy"), ready)
    assert found.findings[0].subject == "kafka"
    assert found.findings[0].evidence[0].quote == '{"checks":{"kafka":"DOWN"}}'


def test_what_is_ready_is_said_to_be() -> None:
    found = asked("why is app not ready?", a_state("app", "healthy"), a_readiness("{}", ()))
    assert (found.headline, found.findings) == ("app is ready now.", ())


def test_an_unknown_service_is_answered_with_the_known_ones() -> None:
    found = asked("why is postgress not ready?")
    assert found.headline == "The stack has no service 'postgress'."
    assert "postgres, kafka, app" in found.notes[0]


def test_a_stack_that_was_not_observed_is_not_judged() -> None:
    assert "not known" in asked("why is app not ready?").headline


def a_commit(title: str, minute: int, *files: str) -> Event:
    return an_event(
        kind="commit.made", source="git", subject=f"c{minute}", message=title, minute=minute,
        attrs={"files": files, "author": "me"}, place=f"commit c{minute}",
    )  # fmt: skip


def test_changes_are_those_since_the_last_good_up_configuration_first() -> None:
    before, code = a_commit("before", -10, "a.py"), a_commit("code", 10, "a.py")
    settings = a_commit("settings", 5, "blissful-infra.yaml")
    found = asked("what changed since it worked?", before, an_end(ok=True), code, settings)
    assert [finding.subject for finding in found.findings] == ["c5", "c10"]
    assert found.headline == "2 commits changed since 2026-01-01 12:00:00 UTC, when it last worked:"


def test_without_git_changes_are_not_known() -> None:
    assert "is not known" in asked("what changed?", an_end(ok=True), unseen=("git",)).headline


def test_what_was_not_understood_says_what_can_be_asked() -> None:
    found = asked("sing me a song")
    assert "did not understand" in found.headline
    assert "what failed?" in found.notes[0]


def test_an_answer_names_every_source_seen_and_not_seen() -> None:
    collected = (Collected.of("logs", (an_event(),), detail="1 service"), Collected.unavailable("git", "no repository"))
    found, timeline = answer("what failed?", collected, SERVICES)
    assert [(one.source, one.status) for one in found.sources] == [("logs", "ok"), ("git", "unavailable")]
    assert timeline_of(collected) == timeline
