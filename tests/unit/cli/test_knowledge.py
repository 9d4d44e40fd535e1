"""What the agent remembers, as a user calls it: `analyze`, `incidents`, `patterns`, `knowledge`."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.domain.fix import Result
from agent.knowledge.embedders.lexical import LexicalEmbedder
from agent.knowledge.opening import open_sqlite
from tests.schemas import check_against_schema
from tests.unit.agent.knowledge.incidents import MEMORY, an_incident, an_outcome
from tests.unit.cli.calling import Call, caller_in
from tests.unit.settings.projects import a_project

SECRET = "s3cr3t-value-of-postgres"
FULL = "FATAL:  no space left on device"
OURS = """\
- {id: license-server-away, category: dependency-unreachable, literals: [license check], strength: 0.95,
   regex: 'license check failed: (?P<why>.{0,40})', cause: '{subject} has no license: {why}.'}
"""


def write_log(project: Path, *messages: str) -> None:
    now = datetime.now(UTC)
    lines = [f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M:%S}.000 UTC [1] {message}" for message in messages]
    logs = project / ".blissful" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "postgres.log").write_text("\n".join(lines) + "\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path, ("embedder: auto", "embedder: lexical"))
    write_log(tmp_path, FULL, f"LOG:  password={SECRET}")
    (tmp_path / ".blissful" / "secrets.env").write_text(f"POSTGRES_PASSWORD={SECRET}\n")
    return tmp_path


@pytest.fixture
def call(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(project, capfd, monkeypatch)


def incidents(call: Call, *arguments: str) -> list[dict[str, object]]:
    document = json.loads(call("incidents", "list", "-o", "json", *arguments).out)
    check_against_schema("incidents.v1", document)
    found: list[dict[str, object]] = document["incidents"]
    return found


def test_a_failure_is_recorded_once_counted_and_shown_again(project: Path, call: Call) -> None:
    first = json.loads(call("analyze", "-o", "json").out)
    check_against_schema("analyze.v1", first)
    assert "recorded as incident" in call("analyze").err
    (kept,) = incidents(call)
    assert (kept["id"], kept["times_seen"], kept["state"]) == (first["incident"], 2, "open")
    deep = call("analyze", "--incident", str(kept["id"])[:4])
    assert deep.code == 0
    assert "SEEN        2 times" in deep.out
    assert "no space left on device" in deep.out
    assert "EVIDENCE" in deep.out
    shown = json.loads(call("incidents", "show", str(kept["id"])[:4], "-o", "json").out)
    check_against_schema("incident.v1", shown)
    check_against_schema("analyze.v1", shown["report"])
    path = project / ".blissful" / "knowledge.db"
    assert SECRET.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failure_after_a_resolved_one_shows_how_that_was_resolved(project: Path, call: Call) -> None:
    kept = json.loads(call("analyze", "-o", "json").out)["incident"]
    with open_sqlite(project / ".blissful", LexicalEmbedder()) as base:
        incident = base.incident(kept)
        assert incident is not None
        base.add_outcome(an_outcome(incident, Result.RESOLVED, fix="grow-volume"))
    done = call("incidents", "close", kept[:6], "--resolution", f"grew the volume, token={SECRET}")
    assert done.err.startswith(f"Closed {kept[:8]}")
    again = call("analyze")
    assert f"Similar Incidents: 1 found\n  100%  {kept[:8]}  " in again.out
    assert "resolved by: grew the volume, token=********" in again.out
    assert "grow-volume helped 1 of 1 times (100%)" in again.out
    (similar,) = json.loads(call("analyze", "-o", "json").out)["similar"]
    assert similar["fixes"] == [{"id": "grow-volume", "tried": 1, "resolved": 1}]
    assert [one["state"] for one in incidents(call)] == ["open", "resolved"]


def test_nothing_of_a_bundle_is_recorded(project: Path, call: Call, tmp_path_factory: pytest.TempPathFactory) -> None:
    bundle = tmp_path_factory.mktemp("bundle")
    (bundle / "bundle.yaml").write_text("version: 1\ntitle: why is postgres down?\nalert: postgres is down\n")
    (bundle / "logs").mkdir()
    (bundle / "logs" / "postgres.log").write_text(f"2026-01-01 11:00:00.000 UTC [1] {FULL}\n")
    assert "no space left" in call("analyze", "--bundle", str(bundle)).out
    assert not (project / ".blissful" / "knowledge.db").exists()


def test_a_damaged_knowledge_base_is_a_gap_of_analyze_and_an_error_elsewhere(project: Path, call: Call) -> None:
    path = project / ".blissful" / "knowledge.db"
    path.write_bytes(b"not a database" * 500)
    done = call("analyze")
    assert done.code == 0
    assert "no space left on device" in done.out
    assert "Gap: nothing was recorded and no similar incident looked for: the knowledge base" in done.out
    failed = call("incidents", "list")
    assert (failed.code, failed.out) == (4, "")
    assert "error[knowledge-unavailable]" in failed.err
    assert "mv knowledge.db knowledge.db.damaged" in failed.err
    assert path.read_bytes() == b"not a database" * 500


def test_incidents_are_closed_and_merged_by_the_beginning_of_their_ids(project: Path, call: Call) -> None:
    with open_sqlite(project / ".blissful", LexicalEmbedder()) as base:
        for name in ("aa11", "aa22", "bb33"):
            base.record(an_incident(name, id=name, signature=MEMORY))
    ambiguous = call("incidents", "close", "aa", "--resolution", "x")
    assert ambiguous.code == 3
    assert "error[no-such-incident]" in ambiguous.err
    assert "aa11: aa11 fails (open)" in ambiguous.err
    assert call("incidents", "show", "ffff").code == 3
    assert call("incidents", "merge", "aa1", "aa2", "--dry-run").err == "Would merge aa1 into aa22: aa22 fails\n"
    assert len(incidents(call)) == 3
    merged = json.loads(call("incidents", "merge", "aa1", "aa2", "-o", "json").out)
    check_against_schema("incidents.v1", merged)
    assert merged["incidents"][0]["times_seen"] == 2
    assert [one["id"] for one in incidents(call, "--state", "merged")] == ["aa11"]
    assert call("incidents", "merge", "aa1", "bb").code == 3
    assert call("incidents", "close", "bb", "--resolution", "x", "--dry-run").err.startswith("Would close bb33")
    assert len(incidents(call, "--state", "open")) == 2
    assert "aa22  open " in call("incidents", "list").out


def test_an_incident_goes_with_no_choice_of_evidence(call: Call) -> None:
    assert call("analyze", "--incident", "aa", "--since", "2h").code == 2


def test_the_teams_patterns_are_tried_and_listed_with_what_helped(project: Path, call: Call) -> None:
    folder = project / "blissful" / "patterns"
    folder.mkdir(parents=True)
    (folder / "ours.yml").write_text(OURS)
    write_log(project, "ERROR:  license check failed: no answer")
    found = json.loads(call("analyze", "-o", "json").out)
    assert found["findings"][0]["rule"] == "signatures/license-server-away"
    document = json.loads(call("patterns", "list", "-o", "json").out)
    check_against_schema("patterns.v1", document)
    first = document["patterns"][0]
    assert (first["rule"], first["origin"], first["incidents"], first["times_seen"]) == (
        "license-server-away", "team", 1, 1,
    )  # fmt: skip
    assert len(document["patterns"]) > 50
    seen = call("patterns", "list", "--seen").out.splitlines()
    assert seen[1].split()[:4] == ["dependency-unreachable/license-server-away", "team", "1", "1"]
    assert len(call("patterns", "list", "--origin", "team").out.splitlines()) == 2


def test_a_wrong_pattern_of_the_team_is_named_wherever_patterns_are_used(project: Path, call: Call) -> None:
    folder = project / "blissful" / "patterns"
    folder.mkdir(parents=True)
    (folder / "ours.yml").write_text(OURS.replace("0.95", "high"))
    for command in (["analyze"], ["patterns", "list"]):
        failed = call(*command)
        assert failed.code == 3
        assert "ours.yml: pattern license-server-away: `strength` should be a number" in failed.err


def test_an_export_comes_back_and_a_torn_one_is_refused(project: Path, call: Call, tmp_path: Path) -> None:
    call("analyze")
    kept = incidents(call)
    exported = call("knowledge", "export")
    assert exported.err == "1 records exported.\n"
    for line in exported.out.splitlines():
        check_against_schema("knowledge-export.v1", json.loads(line))
    assert call("knowledge", "export", "--to", "copy.jsonl").code == 0
    assert (tmp_path / "copy.jsonl").read_text() == exported.out
    assert "exists already" in call("knowledge", "export", "--to", "copy.jsonl").err
    for path in (project / ".blissful").glob("knowledge*"):
        path.unlink()
    (tmp_path / "torn.jsonl").write_text(exported.out[:-40])
    torn = call("knowledge", "import", "torn.jsonl")
    assert torn.code == 3
    assert "error[invalid-knowledge]: line 3 of the import: it is torn" in torn.err
    assert incidents(call) == []
    assert call("knowledge", "import", "copy.jsonl", "--dry-run").err.startswith("It would bring: 1 incidents")
    assert incidents(call) == []
    document = json.loads(call("knowledge", "import", "copy.jsonl", "-o", "json").out)
    check_against_schema("knowledge-import.v1", document)
    assert (document["incidents"], document["known"]) == (1, 0)
    assert incidents(call) == kept
    assert json.loads(call("knowledge", "import", "copy.jsonl", "-o", "json").out)["known"] == 1


def test_postgres_without_its_url_says_which_variable_is_missing(call: Call) -> None:
    failed = call("incidents", "list", BLISSFUL_AGENT_KNOWLEDGE="postgres")
    assert failed.code == 4
    assert "BLISSFUL_KNOWLEDGE_URL is not set" in failed.err
    away = call(
        "incidents", "list", BLISSFUL_AGENT_KNOWLEDGE="postgres",
        BLISSFUL_KNOWLEDGE_URL="postgresql://me:sesame-open@127.0.0.1:1/team",
    )  # fmt: skip
    assert away.code == 4
    assert "the PostgreSQL database team at 127.0.0.1 cannot be reached" in away.err
    assert "sesame" not in away.err


def test_the_knowledge_base_lies_where_the_state_does(call: Call, tmp_path: Path) -> None:
    assert call("incidents", "list", BLISSFUL_HOME=str(tmp_path / "elsewhere")).err == "No incidents.\n"
    connection = sqlite3.connect(tmp_path / "elsewhere" / "knowledge.db")
    assert connection.execute("SELECT count(*) FROM incidents").fetchone() == (0,)
    connection.close()
