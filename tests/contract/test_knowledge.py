"""What every knowledge base keeps, on SQLite and on a real PostgreSQL alike."""

import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.fix import Outcome, Result
from agent.domain.incident import Incident, IncidentState, SuccessRate
from agent.domain.suggestion import Feedback, Verdict
from agent.errors import IncidentStateError, InvalidKnowledgeError, KnowledgeError, NoSuchIncidentError
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_postgres, open_sqlite
from agent.ports import KnowledgeBase
from tests.memory_knowledge import MemoryKnowledge
from tests.unit.agent.knowledge.incidents import IMAGE, MEMORY, NOON, POOL, an_incident, an_outcome

Open = Callable[[str], KnowledgeBase]
LATER = NOON + timedelta(hours=1)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server for the run, stopped after it."""
    from tests.engines.postgres import running

    with running(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgres", marks=[pytest.mark.needs_postgres, pytest.mark.slow])]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens a knowledge base by name; one name opened twice is one knowledge base."""
    bases: list[KnowledgeBase] = []
    memory: dict[str, KnowledgeBase] = {}
    mark = uuid.uuid4().hex[:8]

    def open_(name: str) -> KnowledgeBase:
        base: KnowledgeBase
        if request.param == "memory":
            return memory.setdefault(name, MemoryKnowledge(LexicalEmbedder()))
        if request.param == "sqlite":
            base = open_sqlite(tmp_path / name, LexicalEmbedder())
        else:
            from tests.engines.postgres import database_in

            url = database_in(request.getfixturevalue("postgres_url"), f"{name}_{mark}")
            base = open_postgres(url, LexicalEmbedder(), tmp_path / name)
        bases.append(base)
        return base

    yield open_
    for base in bases:
        base.shut()  # type: ignore[attr-defined]


@pytest.fixture
def base(opened: Open) -> KnowledgeBase:
    return opened("one")


def test_a_failure_is_kept_whole(base: KnowledgeBase) -> None:
    incident = an_incident(report='{"v":1,"title":"ß \\u0000"}', resolution="")
    assert base.record(incident) == incident
    assert base.incident(incident.id) == incident


def test_the_same_failure_again_is_counted_with_its_latest_wording(base: KnowledgeBase) -> None:
    first = base.record(an_incident())
    again = base.record(an_incident(minute=10, cause="It is exhausted, still."))
    assert (again.id, again.times_seen) == (first.id, 2)
    assert again.cause == "It is exhausted, still."
    assert (again.opened_at, again.last_seen_at) == (NOON, NOON + timedelta(minutes=10))
    assert len(base.incidents()) == 1


def test_an_older_report_of_it_changes_the_time_it_opened_and_no_wording(base: KnowledgeBase) -> None:
    base.record(an_incident(minute=10, cause="new"))
    kept = base.record(an_incident(cause="old"))
    assert (kept.cause, kept.opened_at, kept.times_seen) == ("new", NOON, 2)


def test_a_failure_that_comes_back_after_it_was_resolved_is_a_new_incident(base: KnowledgeBase) -> None:
    first = base.record(an_incident())
    base.close(first.id, "made the pool larger", LATER)
    back = base.record(an_incident(minute=120))
    assert back.id != first.id
    found = base.similar(back.signature, except_id=back.id)
    assert [(one.incident.id, one.incident.resolution) for one in found] == [(first.id, "made the pool larger")]
    assert found[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_the_newest_seen_stand_first_and_a_state_is_asked_for(base: KnowledgeBase) -> None:
    for number, subject in enumerate(("a", "b", "c")):
        base.record(an_incident(subject, minute=number))
    base.close(base.incidents()[1].id, "mended", LATER)
    assert [one.subject for one in base.incidents()] == ["c", "b", "a"]
    assert [one.subject for one in base.incidents(state="open")] == ["c", "a"]
    assert [one.subject for one in base.incidents(state="resolved")] == ["b"]
    assert [one.subject for one in base.incidents(limit=1)] == ["c"]


def test_the_beginning_of_an_id_will_do(base: KnowledgeBase) -> None:
    kept = base.record(an_incident())
    assert base.incident(kept.id[:4].upper()) == kept
    assert base.incident("") is None
    assert base.incident("%") is None
    assert base.incident("no such") is None


def test_an_ambiguous_beginning_names_the_candidates(base: KnowledgeBase) -> None:
    one, other = an_incident("a", id="abc111"), an_incident("b", id="abc222")
    base.record(one)
    base.record(other)
    with pytest.raises(NoSuchIncidentError) as caught:
        base.close("abc", "mended", LATER)
    assert caught.value.context == {"abc111": "a fails (open)", "abc222": "b fails (open)"}
    assert base.incident("abc1") == one


def test_closing_says_how_and_when(base: KnowledgeBase) -> None:
    kept = base.record(an_incident())
    closed = base.close(kept.id, "made the pool larger", LATER)
    assert (closed.state, closed.resolution, closed.closed_at) == (
        IncidentState.RESOLVED,
        "made the pool larger",
        LATER,
    )
    assert base.incident(kept.id) == closed
    with pytest.raises(NoSuchIncidentError):
        base.close("ffff", "", LATER)


def test_a_merged_incident_counts_for_the_other_one(base: KnowledgeBase) -> None:
    one, other, third = (base.record(an_incident(name, minute=number)) for number, name in enumerate("abc"))
    base.record(an_incident("a", minute=20))
    base.add_outcome(an_outcome(one))
    merged = base.merge(one.id, other.id)
    assert (merged.id, merged.times_seen, merged.opened_at) == (other.id, 3, NOON)
    assert merged.last_seen_at == NOON + timedelta(minutes=20)
    part = base.incident(one.id)
    assert part is not None
    assert (part.state, part.merged_into) == (IncidentState.MERGED, other.id)
    assert one.id not in [incident.id for incident in base.incidents()]
    assert base.record(an_incident("a", minute=30)).id == other.id
    assert len(base.outcomes(other.id)) == 1
    whole = base.merge(other.id, third.id)
    assert (whole.times_seen, [one.id for one in base.incidents()]) == (5, [third.id])
    assert base.record(an_incident("a", minute=40)).id == third.id
    assert len(base.outcomes(third.id)) == 1


def test_merging_what_cannot_be_merged_changes_nothing(base: KnowledgeBase) -> None:
    one, other = base.record(an_incident("a")), base.record(an_incident("b"))
    with pytest.raises(IncidentStateError, match="into itself"):
        base.merge(one.id, one.id)
    base.merge(one.id, other.id)
    with pytest.raises(IncidentStateError, match="already"):
        base.merge(one.id, other.id)
    with pytest.raises(IncidentStateError, match="into itself"):
        base.merge(other.id, one.id)
    with pytest.raises(IncidentStateError, match="was merged into"):
        base.close(one.id, "mended", LATER)
    assert [incident.id for incident in base.incidents()] == [other.id]


def test_outcomes_make_the_success_of_each_fix(base: KnowledgeBase) -> None:
    kept = base.record(an_incident())
    for minute, result in enumerate((Result.RESOLVED, Result.FAILED, Result.NOT_RUN, Result.WORSE, Result.RESOLVED)):
        base.add_outcome(an_outcome(kept, result, minute=minute))
    base.add_outcome(an_outcome(kept, Result.PARTIAL, fix="restart"))
    base.add_outcome(an_outcome(kept, Result.NOT_RUN, fix="pray"))
    rates = base.success_rates(kept.pattern)
    assert rates == (SuccessRate(kept.pattern, "grow-pool", 4, 2), SuccessRate(kept.pattern, "restart", 1, 0))
    assert base.success_rates("no/such") == ()
    assert [outcome.at.minute for outcome in base.outcomes(kept.id)] == [0, 1, 2, 3, 4, 5, 5]


def test_the_same_outcome_twice_is_one_and_needs_its_incident(base: KnowledgeBase) -> None:
    kept = base.record(an_incident())
    base.add_outcome(an_outcome(kept))
    base.add_outcome(an_outcome(kept))
    assert len(base.outcomes(kept.id)) == 1
    with pytest.raises(NoSuchIncidentError):
        base.add_outcome(an_outcome(replace(kept, id="ffffffffffff")))


def test_patterns_are_counted(base: KnowledgeBase) -> None:
    for minute in range(3):
        base.record(an_incident("a", minute=minute))
    base.record(an_incident("b"))
    base.record(an_incident("a", pattern="out-of-memory/killed"))
    first, second = base.patterns()
    assert (first.pattern, first.incidents, first.times_seen) == ("connection-pool/pool-exhausted", 2, 4)
    assert first.last_seen_at == NOON + timedelta(minutes=2)
    assert (second.pattern, second.incidents, second.times_seen) == ("out-of-memory/killed", 1, 1)


def test_similar_incidents_come_the_most_alike_first_without_merged_ones(base: KnowledgeBase) -> None:
    near = base.record(an_incident("a", "postgres pool exhausted connection timed out"))
    far = base.record(an_incident("b", IMAGE, pattern="image-pull/back-off"))
    gone = base.record(an_incident("c", POOL))
    base.merge(gone.id, far.id)
    found = base.similar(POOL)
    assert [one.incident.id for one in found] == [near.id, far.id]
    assert 1.0 > found[0].similarity > found[1].similarity >= 0.0
    assert base.similar(POOL, limit=1, except_id=near.id)[0].incident.id == far.id
    base.record(an_incident("d", MEMORY, pattern="out-of-memory/killed"))
    assert base.similar(MEMORY)[0].incident.subject == "d"


def test_nothing_is_similar_to_anything_in_an_empty_one(base: KnowledgeBase) -> None:
    assert base.similar(POOL) == ()
    assert base.incidents() == ()
    assert base.patterns() == ()
    assert list(base.export()) == []


def test_an_export_taken_in_by_an_empty_one_is_the_same(opened: Open) -> None:
    one, other = opened("one"), opened("two")
    kept = [one.record(an_incident(name, minute=number)) for number, name in enumerate("abcd")]
    one.record(an_incident("a", minute=50))
    one.merge(kept[0].id, kept[1].id)
    one.close(kept[2].id, "mended", LATER)
    one.add_outcome(an_outcome(kept[0]))
    exported = list(one.export())
    taken = other.take_in(exported)
    assert (taken.incidents, taken.outcomes, taken.known) == (4, 1, 0)
    assert list(other.export()) == exported
    assert other.incidents() == one.incidents()
    assert other.take_in([*exported, an_incident("new")], keep=False).incidents == 1
    again = other.take_in(exported)
    assert (again.incidents, again.outcomes, again.known) == (0, 0, 5)
    assert list(other.export()) == exported


def test_what_was_said_to_suggestions_is_handed_on_once(opened: Open) -> None:
    one, other = opened("one"), opened("two")
    word = Feedback(
        project="shop", suggestion_id="0f3a9c21", rule="compose-restart", verdict=Verdict.DISMISSED, reason="ours",
        at=LATER,
    )  # fmt: skip
    taken = one.take_in([an_incident(), word])
    assert (taken.incidents, taken.feedback, taken.known) == (1, 1, 0)
    assert list(one.export())[-1] == word
    other.take_in(list(one.export()))
    assert list(other.export()) == list(one.export())
    again = other.take_in(list(one.export()))
    assert (again.incidents, again.feedback, again.known) == (0, 0, 2)


def test_one_failure_known_to_two_becomes_one_and_is_counted_once(opened: Open) -> None:
    one, other = opened("one"), opened("two")
    mine, theirs = one.record(an_incident(minute=5)), other.record(an_incident(minute=1))
    other.record(an_incident(minute=2))
    for _ in range(2):
        one.take_in(list(other.export()))
        other.take_in(list(one.export()))
    for side in (one, other):
        assert [(incident.id, incident.times_seen) for incident in side.incidents()] == [(theirs.id, 3)]
        part = side.incident(mine.id)
        assert part is not None
        assert part.merged_into == theirs.id


def test_what_was_resolved_elsewhere_is_resolved_here(opened: Open) -> None:
    one, other = opened("one"), opened("two")
    kept = one.record(an_incident())
    other.take_in(list(one.export()))
    other.close(kept.id, "mended", LATER)
    one.record(an_incident(minute=7))
    one.take_in(list(other.export()))
    now = one.incident(kept.id)
    assert now is not None
    assert (now.state, now.resolution, now.times_seen) == (IncidentState.RESOLVED, "mended", 2)


def test_merges_in_opposite_directions_end_in_one_incident(opened: Open) -> None:
    one, other = opened("one"), opened("two")
    kept = [one.record(an_incident(name, minute=number)) for number, name in enumerate("ab")]
    other.take_in(list(one.export()))
    one.merge(kept[0].id, kept[1].id)
    other.merge(kept[1].id, kept[0].id)
    one.take_in(list(other.export()))
    assert [(incident.id, incident.times_seen) for incident in one.incidents()] == [(kept[1].id, 2)]


def test_what_does_not_fit_is_not_taken_in_at_all(base: KnowledgeBase) -> None:
    good = an_incident("a")
    lost = an_incident("b", state=IncidentState.MERGED, merged_into="ffffffffffff")
    with pytest.raises(InvalidKnowledgeError, match="ffffffffffff"):
        base.take_in([good, lost])
    with pytest.raises(InvalidKnowledgeError, match="an outcome names"):
        base.take_in([good, an_outcome(an_incident("c"))])

    def torn() -> Iterator[Incident | Outcome]:
        yield good
        raise InvalidKnowledgeError("line 2 is torn")

    with pytest.raises(InvalidKnowledgeError, match="torn"):
        base.take_in(torn())
    assert base.incidents() == ()


def test_text_that_a_database_refuses_is_kept_without_it(base: KnowledgeBase) -> None:
    kept = base.record(an_incident(cause="nul \0 and half \ud800 a pair"))
    assert kept.cause == "nul \N{REPLACEMENT CHARACTER} and half ? a pair"


def test_two_writers_of_one_failure_count_it_together(opened: Open) -> None:
    bases = [opened("one"), opened("one")]

    def write(base: KnowledgeBase) -> None:
        for minute in range(15):
            base.record(an_incident(minute=minute))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, bases if bases[0] is not bases[1] else bases[:1]))
    assert [one.times_seen for one in bases[1].incidents()] == [15 * len({id(base) for base in bases})]


@pytest.mark.needs_postgres
@pytest.mark.slow
def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        open_postgres(f"postgresql://me:sesame-open@127.0.0.1:1/team?x={os.getpid()}", LexicalEmbedder(), tmp_path)
    assert "sesame" not in f"{caught.value} {caught.value.hint} {caught.value.context}"
