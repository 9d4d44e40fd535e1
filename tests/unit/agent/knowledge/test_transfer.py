"""Export and import: the same comes back, and what is torn or wrong is refused whole."""

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.domain.fix import Result
from agent.domain.incident import Incident
from agent.domain.remembered import Remembered
from agent.domain.suggestion import Feedback, Verdict
from agent.errors import InvalidKnowledgeError
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_sqlite
from agent.knowledge.transfer import lines_of, records_in
from tests.memory_knowledge import MemoryKnowledge
from tests.schemas import check_against_schema
from tests.unit.agent.knowledge.incidents import an_incident, an_outcome

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given
ACTS = st.lists(
    st.tuples(st.sampled_from(["record", "close", "merge", "outcome"]), st.integers(0, 5), st.integers(0, 60), TEXT),
    max_size=12,
)


A_WORD = Feedback(
    project="shop", suggestion_id="0f3a9c21", rule="compose-restart", verdict=Verdict.DISMISSED, reason="ß 'ours'",
    at=datetime(2026, 1, 1, 12, tzinfo=UTC),
)  # fmt: skip


def read(content: bytes) -> list[Remembered]:
    return list(records_in(io.BytesIO(content)))


def written(records: Sequence[Remembered]) -> bytes:
    return b"".join(lines_of(records))


def lived(acts: list[tuple[str, int, int, str]]) -> MemoryKnowledge:
    """A knowledge base to which this happened; what cannot be done to it is left out."""
    base = MemoryKnowledge(LexicalEmbedder())
    for place, (act, which, minute, text) in enumerate(acts):
        known = base.incidents(limit=1000)
        if act == "record":
            moment = minute + place / 1000  # no two are of one moment: an id is made of it
            base.record(an_incident("abcdef"[which], minute=moment, cause=text, signature=text))
        elif known and act == "close":
            base.close(known[which % len(known)].id, text, an_incident(minute=minute).opened_at)
        elif len(known) > 1 and act == "merge":
            base.merge(known[which % len(known)].id, known[(which + 1) % len(known)].id)
        elif known and act == "outcome":
            base.add_outcome(an_outcome(known[which % len(known)], list(Result)[which % 5], text, minute))
    return base


@given(st.lists(st.builds(an_incident, subject=TEXT, cause=TEXT, signature=TEXT, opened_at=TIMES, last_seen_at=TIMES)))
def test_every_incident_comes_back_as_it_was(incidents: list[Incident]) -> None:
    assert read(written([*incidents])) == incidents


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, ACTS)
def test_uniting_is_the_same_in_the_file_and_in_memory_and_changes_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory,
    here: list[tuple[str, int, int, str]],
    there: list[tuple[str, int, int, str]],
) -> None:
    mine, theirs = lived(here), lived(there)
    export = written(list(theirs.export()))
    with open_sqlite(tmp_path_factory.mktemp("k"), LexicalEmbedder()) as base:
        base.take_in(mine.export())
        assert list(base.export()) == list(mine.export())
        base.take_in(iter(read(export)))
        mine.take_in(read(export))
        united = list(base.export())
        assert set(united) == set(mine.export())
        again = base.take_in(iter(read(export)))
        assert (again.incidents, again.outcomes) == (0, 0)
        assert list(base.export()) == united


def test_each_line_keeps_the_schema() -> None:
    incident = an_incident()
    for line in lines_of([incident, an_outcome(incident), A_WORD]):
        check_against_schema("knowledge-export.v1", json.loads(line))


def test_what_was_said_to_suggestions_comes_back_too() -> None:
    assert read(written([A_WORD])) == [A_WORD]


def test_an_export_of_before_there_was_feedback_is_read() -> None:
    lines = [*lines_of([an_incident()])]
    older = json.dumps({"kind": "end", "incidents": 1, "outcomes": 0}).encode() + b"\n"
    assert read(b"".join([*lines[:-1], older])) == [an_incident()]


WHOLE = written([an_incident(), an_outcome(an_incident())])
LINES = WHOLE.splitlines(keepends=True)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_torn_export_is_refused_wherever_it_is_torn(length: int) -> None:
    with pytest.raises(InvalidKnowledgeError, match="of the import"):
        read(WHOLE[:length])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"".join(LINES[:-1]), "it ends in the middle"),
        (b"".join([*LINES[:2], LINES[-1]]), "the end counts"),
        (b"".join([*LINES, LINES[1]]), "something follows the end"),
        (b"".join(LINES[1:]), "not the beginning"),
        (LINES[0].replace(b":1", b":2"), "version 2"),
        (LINES[0] + b"{torn\n", "line 2 of the import: it is no JSON"),
        (LINES[0] + b"[]\n", "no JSON object"),
        (LINES[0] + b'{"kind":"other"}\n', "'other' is no kind"),
        (LINES[0] + b'{"kind":"outcome"}\n', "'incident_id' is missing"),
        (LINES[0] + b'{"kind":"feedback"}\n', "'project' is missing"),
        (LINES[0] + LINES[1].replace(b'"times_seen":1', b'"times_seen":0'), "no count"),
        (LINES[0] + LINES[1].replace(b'"times_seen":1', b'"times_seen":true'), "no count"),
        (LINES[0] + LINES[1].replace(b'"confidence":0.9', b'"confidence":9'), "between 0 and 1"),
        (LINES[0] + LINES[1].replace(b'"state":"open"', b'"state":"odd"'), "odd"),
        (LINES[0] + LINES[1].replace(b'"state":"open"', b'"state":"merged"'), "merged into None"),
        (LINES[0] + LINES[1].replace(b"2026-01-01T12:00", b"2026-13-01T12:00"), "is no time"),
        (LINES[0] + LINES[1].replace(b"+00:00", b""), "has no zone"),
        (LINES[0] + LINES[1].replace(b'"id":"', b'"id":"../'), "is no id"),
        (LINES[0] + LINES[1].replace(b'"title":"app fails"', b'"title":7'), "is no text"),
        (LINES[0] + b"\xff\xfe\n", "is no JSON"),
        (LINES[0] + b"x" * (5 * 1024 * 1024), "longer than"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(content: bytes, why: str) -> None:
    with pytest.raises(InvalidKnowledgeError, match=why):
        read(content)


@given(st.lists(st.binary(max_size=60) | st.sampled_from(LINES), max_size=6))
def test_nothing_else_than_this_error_comes_of_any_bytes(lines: list[bytes]) -> None:
    with suppress(InvalidKnowledgeError):
        assert read(b"".join(lines)) is not None


def test_a_wrong_line_in_the_middle_leaves_the_knowledge_base_as_it_was(tmp_path: Path) -> None:
    with open_sqlite(tmp_path, LexicalEmbedder()) as base:
        base.record(an_incident("mine"))
        before = list(base.export())
        with pytest.raises(InvalidKnowledgeError):
            base.take_in(records_in(io.BytesIO(b"".join(LINES[:-1]))))
        assert list(base.export()) == before
