"""`analyze` and `support-bundle` of a project on disk whose stack is not up."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.schemas import check_against_schema
from tests.unit.cli.calling import Call, caller_in
from tests.unit.settings.projects import a_project

NOW = datetime.now(UTC)
SECRET = "s3cr3t-value-of-postgres"
RUN = f"{NOW:%Y%m%dT%H%M%SZ}-up-0a1b"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path)
    logs = tmp_path / ".blissful" / "logs"
    logs.mkdir(parents=True)
    lines = [f"{NOW - timedelta(minutes=5):%Y-%m-%d %H:%M:%S}.000 UTC [1] FATAL:  no space left on device"]
    lines.append(f"{NOW - timedelta(minutes=4):%Y-%m-%d %H:%M:%S}.000 UTC [1] LOG:  password={SECRET} api_key=hunter22")
    (logs / "postgres.log").write_text("\n".join(lines) + "\n")
    (tmp_path / ".blissful" / "secrets.env").write_text(f"POSTGRES_PASSWORD={SECRET}\n")
    return tmp_path


@pytest.fixture
def failed_up(project: Path) -> None:
    said = {"v": 1, "created": NOW.isoformat()}
    events = [
        {**said, "event": "playbook_on_start", "event_data": {"playbook": "up.yml"}},
        {**said, "event": "service", "service": "postgres", "state": "failed", "detail": f"exited, {SECRET}"},
        {**said, "event": "playbook_on_stats", "event_data": {"failures": {"local": 1}}},
    ]
    folder = project / ".blissful" / "events"
    folder.mkdir()
    (folder / f"{RUN}.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))


@pytest.fixture
def call(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(project, capfd, monkeypatch)


@pytest.mark.usefixtures("failed_up")
def test_the_last_failed_run_is_the_question_and_every_source_is_named(call: Call) -> None:
    done = call("analyze")
    assert done.code == 0
    assert done.out.startswith("Correlating data sources:\n")
    assert "✗ Git commits (not seen: " in done.out
    assert "✓ Playbook runs (1 runs, 0 failed tasks)" in done.out
    assert "✗ Stack state (not seen: the stack is down" in done.out
    assert "✓ Application logs (2 lines of " in done.out
    assert "my-service: the last up failed: postgres: postgres failed: exited" in done.out
    assert "no space left on device" in done.out
    assert SECRET not in done.out
    assert call("analyze", "--exit-code").code == 7


def test_json_keeps_its_schema_and_names_what_was_not_seen(call: Call) -> None:
    document = json.loads(call("analyze", "-o", "json").out)
    check_against_schema("analyze.v1", document)
    status = {one["source"]: one["status"] for one in document["gathered"]}
    assert status == {"git": "unavailable", "runs": "unavailable", "stack": "unavailable", "logs": "ok"}
    assert [gap for gap in document["gaps"] if gap.startswith("stack could not be seen")]


def test_nothing_wrong_is_said_with_what_was_looked_at(project: Path, call: Call) -> None:
    (project / ".blissful/logs/postgres.log").write_text(f"{NOW:%Y-%m-%d %H:%M:%S}.000 UTC [1] LOG:  ready\n")
    done = call("analyze", "--exit-code")
    assert done.code == 0
    assert "Is anything wrong with my-service (postgres)?" in done.out
    assert "Nothing wrong found." in done.out


def test_the_window_can_be_given(call: Call) -> None:
    done = call("analyze", "--since", "1m")
    assert "- Application logs (0 lines of " in done.out
    assert "no space left" not in done.out
    assert call("analyze", "--since", "10m", "--until", "20m").code == 2


def test_one_service_is_looked_at_with_what_it_needs(call: Call) -> None:
    assert "logs/postgres.log" in call("analyze", "--service", "app").out
    assert "logs/postgres.log" not in call("analyze", "--service", "kafka").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--env", "stagin"), "did you mean 'staging'?"),
        (("--service", "ap"), "did you mean 'app'?"),
        (("--since", "soon"), "is no time"),
        (("--bundle", "b", "--since", "1h"), "--bundle leaves no choice"),
    ],
)
def test_a_name_that_the_project_does_not_have_is_wrong_usage(
    call: Call, arguments: tuple[str, ...], says: str
) -> None:
    done = call("analyze", *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.usefixtures("failed_up")
@pytest.mark.parametrize("name", ["b", "b.tar.gz"])
def test_a_support_bundle_gives_the_same_findings_and_holds_no_secret(project: Path, call: Call, name: str) -> None:
    live = json.loads(call("analyze", "-o", "json").out)
    made = json.loads(call("support-bundle", "--output", name, "-o", "json").out)
    check_against_schema("support-bundle.v1", made)
    assert made["written"] is True
    assert {file["path"] for file in made["files"]} == {"bundle.yaml", "logs/postgres.log", "notes/runs.txt"}
    told = json.loads(call("analyze", "--bundle", name, "-o", "json").out)
    for key in ("title", "alert", "findings", "gaps", "sources"):
        assert told[key] == live[key]
    assert live["findings"]
    assert (project / name).stat().st_mode & 0o077 == 0
    if (project / name).is_dir():
        text = "".join(file.read_text() for file in (project / name).rglob("*") if file.is_file())
        assert SECRET not in text
        assert "hunter22" not in text


def test_a_support_bundle_overwrites_nothing(project: Path, call: Call) -> None:
    (project / "b").mkdir()
    done = call("support-bundle", "--output", "b")
    assert (done.code, list((project / "b").iterdir())) == (2, [])
    assert "b is there already" in done.err


def test_a_dry_run_writes_nothing(project: Path, call: Call) -> None:
    before = sorted(project.rglob("*"))
    done = call("support-bundle", "--dry-run")
    assert done.code == 0
    assert "logs/postgres.log" in done.out
    assert "Would write my-service-support-" in done.err
    assert sorted(project.rglob("*")) == before


def test_what_cannot_be_written_leaves_nothing(project: Path, call: Call) -> None:
    done = call("support-bundle", "--output", "none/b.tar.gz")
    assert done.code == 4
    assert "error[state-folder]: none/b.tar.gz cannot be written" in done.err
    assert not (project / "none").exists()
