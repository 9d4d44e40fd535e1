"""The file of the knowledge base: two writers, a killed one, a damaged, locked or newer file."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.errors import KnowledgeError
from agent.knowledge.base import SqlKnowledgeBase
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import FILE, open_sqlite
from agent.knowledge.sqlite import SqliteDatabase
from agent.knowledge.statements import migrations, statements
from tests.unit.agent.knowledge.incidents import an_incident

ROOT = Path(__file__).parents[4]

WRITER = """
import sys
from pathlib import Path
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_sqlite
from tests.unit.agent.knowledge.incidents import an_incident
folder, mark, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_sqlite(folder, LexicalEmbedder()) as base:
    for number in range(count):
        base.record(an_incident("shared", minute=number))
        base.record(an_incident(f"{mark}-{number}"))
        print(number, flush=True)
"""


def a_writer(folder: Path, mark: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), mark, str(count)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def opened(folder: Path) -> SqlKnowledgeBase:
    return open_sqlite(folder, LexicalEmbedder())


@pytest.mark.slow
def test_two_processes_that_open_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [a_writer(tmp_path, mark, 40) for mark in ("one", "two")]
    ends = [(*writer.communicate(timeout=60), writer.returncode) for writer in writers]
    assert [code for _, _, code in ends] == [0, 0], ends
    with opened(tmp_path) as base:
        counts = {incident.subject: incident.times_seen for incident in base.incidents(limit=1000)}
    assert len(counts) == 81
    assert counts["shared"] == 80


@pytest.mark.slow
def test_what_was_recorded_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    writer = a_writer(tmp_path, "one", 100_000)
    assert writer.stdout is not None
    told = 0
    while told < 20:
        told = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate(timeout=30)
    told = max([told, *(int(line) for line in rest.splitlines() if line)])
    with opened(tmp_path) as base:
        subjects = {incident.subject for incident in base.incidents(limit=1_000_000)}
        assert {f"one-{number}" for number in range(told + 1)} <= subjects
        assert base.record(an_incident("after")).times_seen == 1


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(b"this is no database, but somebody's only copy of something" * 100)
    before = path.read_bytes()
    with pytest.raises(KnowledgeError, match="damaged") as caught:
        opened(tmp_path)
    assert "mv knowledge.db" in str(caught.value.hint)
    assert path.read_bytes() == before


def test_pages_that_are_damaged_in_the_middle_are_an_error_and_no_crash(tmp_path: Path) -> None:
    with opened(tmp_path) as base:
        for number in range(300):
            base.record(an_incident(f"s{number}", report="x" * 500))
    path = tmp_path / FILE
    content = bytearray(path.read_bytes())
    content[8192:-4096] = os.urandom(len(content) - 12288)
    path.write_bytes(bytes(content))
    with pytest.raises(KnowledgeError, match="damaged"), opened(tmp_path) as base:
        base.incidents(limit=1000)


def test_a_locked_file_is_an_error_after_the_wait_and_nothing_is_changed(tmp_path: Path) -> None:
    with opened(tmp_path) as base:
        base.record(an_incident())
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = SqliteDatabase(tmp_path / FILE, wait_s=0.1)
    with pytest.raises(KnowledgeError, match="writing to"), database.writing():
        pass
    with database.reading() as inside:
        assert len(inside.rows("all_incidents")) == 1
    other.execute("ROLLBACK")
    other.close()
    with database.writing():
        pass
    database.shut()


def test_a_writer_waits_for_the_other_one(tmp_path: Path) -> None:
    with opened(tmp_path) as base:
        base.record(an_incident())
        other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
        timer.start()
        assert base.record(an_incident()).times_seen == 2
        timer.join()
        other.close()


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    opened(tmp_path).shut()
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("PRAGMA user_version = 999")
    other.close()
    with pytest.raises(KnowledgeError, match="newer"):
        opened(tmp_path)


def test_a_file_of_the_first_version_gets_what_came_later(tmp_path: Path) -> None:
    with opened(tmp_path) as base:
        kept = base.record(an_incident())
    other = sqlite3.connect(tmp_path / FILE)
    other.executescript(
        "DROP TABLE vectors; DROP TABLE revisions; DROP TABLE suggestion_feedback; PRAGMA user_version = 1"
    )
    other.close()
    with opened(tmp_path) as base:
        assert base.incident(kept.id) == kept
        assert base.similar(kept.signature)[0].incident == kept


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KnowledgeError, match="cannot be opened"):
        opened(tmp_path / "file" / "below")


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / FILE)

    def write() -> None:
        with database.writing() as inside:
            inside.run("set_revision", name="kept", value=1)
            inside.run("set_revision", name="kept", value=None)

    with pytest.raises(KnowledgeError, match="constraint"):
        write()
    with database.reading() as inside:
        assert inside.rows("revision", name="kept") == []
    database.shut()


def test_migrations_are_numbered_without_a_gap_and_statements_are_whole() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))
    assert all(text and "{" not in text for text in statements().values())
