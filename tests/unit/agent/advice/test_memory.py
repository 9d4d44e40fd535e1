"""What the memory and the logs suggest, and how feedback moves it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.advice import Ranked, Remembered
from agent.advice import ranked as ranked_for
from agent.advice.ranking import at_least
from agent.domain import Severity
from agent.domain.incident import Incident, IncidentState, SuccessRate
from agent.domain.suggestion import Feedback, Priority, Shown, Suggestion, Verdict
from agent.suggesting import warned_of
from tests.unit.agent.advice.projects import suggested
from tests.unit.agent.factories import NOON, an_event

PATTERN = "out-of-memory/limit"


def an_incident(number: int = 1, **given: Any) -> Incident:
    facts: dict[str, Any] = {
        "id": f"{number:016x}", "fingerprint": f"f{number}", "pattern": PATTERN, "category": "out-of-memory",
        "subject": "app", "title": "app was killed", "cause": "app: memory 512 MiB reached its limit", "signature": "x",
        "confidence": 0.9, "opened_at": NOON, "last_seen_at": NOON,
    }  # fmt: skip
    return Incident(**{**facts, **given})


def a_suggestion(number: int, rule: str = "compose-restart", priority: Priority = Priority.MEDIUM) -> Suggestion:
    return Suggestion(
        rule=rule, priority=priority, subject=f"s{number}", title=f"t{number}", why="w", fix="f",
        evidence=(Shown("compose.yaml", number, "x"),),
    )  # fmt: skip


def said(suggestion: Suggestion, verdict: Verdict, minute: int = 0, project: str = "shop") -> Feedback:
    at = NOON + timedelta(minutes=minute)
    return Feedback(
        project=project, suggestion_id=suggestion.id, rule=suggestion.rule, verdict=verdict, reason="", at=at
    )


def ranked(suggestions: Iterable[Suggestion], feedback: Iterable[Feedback]) -> tuple[Ranked, ...]:
    return ranked_for(suggestions, feedback, "shop")


def test_what_another_project_dismissed_is_still_shown_but_lower() -> None:
    ones = [a_suggestion(number) for number in range(3)]
    places = ranked(ones, [said(one, Verdict.DISMISSED, project="other") for one in ones[:2]])
    assert [(place.verdict, place.priority) for place in places] == [(None, "low")] * 3


def test_what_comes_back_is_suggested_with_the_fix_that_helped() -> None:
    spread = {"times_seen": 2, "state": IncidentState.RESOLVED, "last_seen_at": NOON + timedelta(hours=1)}
    incidents = tuple(an_incident(number, **spread) for number in (1, 2))
    rates = (SuccessRate(PATTERN, "raise-memory-limit", 4, 3),)
    [found] = suggested({}, Remembered(incidents, rates))
    assert (found.rule, found.priority) == ("recurring-incident", Priority.MEDIUM)
    assert "happened 4 times, to app" in found.title
    assert "raise-memory-limit resolved 3 of 4" in found.fix
    assert found.evidence[0] == Shown(f"incident {incidents[0].id}", None, "app was killed")


def test_one_outage_that_was_looked_at_often_is_one() -> None:
    looked_at = an_incident(times_seen=40, last_seen_at=NOON + timedelta(minutes=50))
    assert suggested({}, Remembered((looked_at,))) == ()
    days = an_incident(times_seen=40, last_seen_at=NOON + timedelta(days=3))
    assert "happened 40 times" in suggested({}, Remembered((days,)))[0].title


def test_twice_is_no_habit_and_a_merged_incident_is_counted_in_its_other() -> None:
    assert suggested({}, Remembered((an_incident(times_seen=2),))) == ()
    assert (
        suggested({}, Remembered((an_incident(times_seen=9, state=IncidentState.MERGED, merged_into="b" * 16),))) == ()
    )


def test_an_open_incident_with_a_fix_that_mostly_helped_is_urgent() -> None:
    rates = (
        SuccessRate(PATTERN, "raise-memory-limit", 3, 2),
        SuccessRate(PATTERN, "x", 9, 1),
    )
    [found] = suggested({}, Remembered((an_incident(),), rates))
    assert (found.rule, found.priority) == ("proven-fix", Priority.HIGH)


def test_repeated_warnings_are_one_suggestion_without_the_secret_in_them() -> None:
    events = [
        an_event(severity=Severity.WARN, message=f"retry {n} with password=hunter22", minute=n) for n in range(12)
    ]
    [warned] = warned_of([*events, an_event(message="fine")])
    assert (warned.count, warned.subject) == (12, "app")
    [found] = suggested({}, warned=[warned])
    assert found.priority is Priority.LOW
    assert "hunter22" not in repr(found)
    assert suggested({}, warned=[replace(warned, last_at=warned.first_at)]) == ()
    assert suggested({}, warned=[replace(warned, severity=Severity.ERROR)])[0].priority is Priority.MEDIUM


def test_urgent_comes_first_and_dismissed_is_not_shown() -> None:
    low, high, gone = a_suggestion(1, priority=Priority.LOW), a_suggestion(2, priority=Priority.HIGH), a_suggestion(3)
    places = ranked([low, gone, high], [said(gone, Verdict.DISMISSED)])
    assert [place.suggestion for place in places] == [high, low, gone]
    assert [place.suggestion for place in at_least(places, Priority.LOW, dismissed=False)] == [high, low]
    assert [place.suggestion for place in at_least(places, Priority.MEDIUM, dismissed=True)] == [high, gone]


def test_the_newest_word_counts() -> None:
    one = a_suggestion(1)
    words = [said(one, Verdict.ACCEPTED, minute=5), said(one, Verdict.DISMISSED)]
    assert ranked([one], words)[0].verdict is Verdict.ACCEPTED


def test_two_dismissals_lower_the_others_of_the_rule_and_an_acceptance_raises_them() -> None:
    ones = [a_suggestion(number) for number in range(3)]
    other = a_suggestion(9, rule="zz-other")
    places = ranked([*ones, other], [said(one, Verdict.DISMISSED) for one in ones[:2]])
    assert [(place.suggestion, place.priority) for place in places[:2]] == [(other, "medium"), (ones[2], "low")]
    assert "your team dismissed" in places[1].note
    liked = [a_suggestion(4, rule="zz-other"), *ones, other]
    assert ranked(liked, [said(other, Verdict.ACCEPTED)])[1].suggestion == liked[0]


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(list(Verdict)), st.integers(0, 9)), max_size=20))
def test_feedback_never_loses_or_doubles_a_suggestion(words: list[tuple[int, Verdict, int]]) -> None:
    ones = [a_suggestion(number, rule=f"r{number % 2}") for number in range(7)]
    places = ranked([*ones, *ones], [said(ones[number], verdict, minute) for number, verdict, minute in words])
    assert sorted(place.suggestion.id for place in places) == sorted(one.id for one in ones)
    assert all(place.priority.rank >= place.suggestion.priority.rank for place in places)
