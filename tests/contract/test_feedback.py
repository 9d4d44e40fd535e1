"""What every book of feedback keeps, on SQLite and on a real PostgreSQL alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.suggestion import Feedback, Verdict
from agent.knowledge.base import SqlKnowledgeBase
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_postgres, open_sqlite
from agent.ports import FeedbackBook
from tests.unit.agent.factories import NOON

Open = Callable[[], FeedbackBook]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.needs_postgres, pytest.mark.slow])])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same book again and again."""
    bases: list[SqlKnowledgeBase] = []

    def keeper(make: Callable[[], SqlKnowledgeBase]) -> Open:
        def open_() -> FeedbackBook:
            bases.append(make())
            return bases[-1].suggestions

        return open_

    if request.param == "sqlite":
        yield keeper(lambda: open_sqlite(tmp_path / "base", LexicalEmbedder()))
    else:
        from tests.engines.postgres import running

        with running(tmp_path / "server") as url:
            yield keeper(lambda: open_postgres(url, LexicalEmbedder(), tmp_path / "base"))
            while bases:
                bases.pop().shut()
    for base in bases:
        base.shut()


def a_word(number: int = 1, verdict: Verdict = Verdict.DISMISSED, reason: str = "", minute: int = 0) -> Feedback:
    return Feedback(
        project="shop", suggestion_id=f"{number:08x}", rule="compose-restart", verdict=verdict, reason=reason,
        at=NOON + timedelta(minutes=minute),
    )  # fmt: skip


def test_what_was_said_is_there_for_the_next_one_oldest_first(opened: Open) -> None:
    later, first = a_word(reason="ß \u2028 'quoted'", minute=5), a_word(verdict=Verdict.ACCEPTED)
    book = opened()
    assert book.feedback() == ()
    for word in (later, first, later):
        book.add_feedback(word)
    assert opened().feedback() == (first, later)


def test_what_no_database_takes_is_kept_as_far_as_it_can_be(opened: Open) -> None:
    opened().add_feedback(a_word(reason="\0\udcff"))
    [kept] = opened().feedback()
    assert kept.reason == "\N{REPLACEMENT CHARACTER}?"


def test_two_writers_lose_nothing(opened: Open) -> None:
    def say(start: int) -> None:
        book = opened()
        for number in range(start, start + 20):
            book.add_feedback(a_word(number))

    opened().feedback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(say, (0, 100)))
    assert len(opened().feedback()) == 40
