"""What cannot be built."""

from datetime import datetime, timedelta

import pytest

from agent.domain import Bound, Collected, CollectedStatus, Evidence, Finding, Severity, Window, event_id
from tests.unit.agent.factories import NOON, an_event


def a_finding(**given: object) -> Finding:
    facts = {"rule": "x", "subject": "app", "title": "t", "evidence": (Evidence(("1",), "q", "r"),), "confidence": 0.5}
    return Finding(**{**facts, **given})  # type: ignore[arg-type]


def test_a_finding_needs_evidence() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        a_finding(evidence=())


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        a_finding(confidence=confidence)


def test_evidence_quotes_what_the_event_says() -> None:
    event = an_event(message="connection refused", attrs={"stack": "at Foo.bar"})
    assert Evidence.of(event, reason="r", quote="refused").event_ids == (event.id,)
    assert Evidence.of(event, reason="r", quote="Foo.bar").quote == "Foo.bar"
    with pytest.raises(ValueError, match="does not occur"):
        Evidence.of(event, reason="r", quote="out of memory")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        an_event(at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="begins"):
        Window(NOON, NOON - timedelta(seconds=1))


def test_ids_tell_content_and_place_apart() -> None:
    assert an_event(offset=1).id == an_event(offset=1).id
    assert an_event(offset=1).id != an_event(offset=2).id
    assert an_event(message="a", offset=1).id != an_event(message="b", offset=1).id
    assert event_id("ab", "c", "d") != event_id("a", "bc", "d")


def test_what_was_not_seen_says_why() -> None:
    with pytest.raises(ValueError, match="says why"):
        Collected("git", CollectedStatus.UNAVAILABLE)
    with pytest.raises(ValueError, match="with 0 records"):
        Collected("git", CollectedStatus.OK)
    with pytest.raises(ValueError, match="at least one"):
        Bound(0, 1)


def test_severities_are_ordered() -> None:
    assert [level.rank for level in Severity] == list(range(6))
    assert Severity.ERROR.at_least(Severity.WARN)
    assert not Severity.INFO.at_least(Severity.WARN)
