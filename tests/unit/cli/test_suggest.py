"""`suggest` as a user calls it."""

import json
import re
from pathlib import Path

import pytest

from blissful_infra.remembering import open_knowledge
from blissful_infra.settings.reading import load_settings
from tests.schemas import check_against_schema
from tests.unit.agent.knowledge.incidents import an_incident, an_outcome
from tests.unit.cli.calling import Call, caller_in
from tests.unit.settings.projects import a_project

ROOT = Path(__file__).parents[3]
OPEN = 'services: {db: {image: "postgres:18", ports: ["5432:5432"]}}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    a_project(tmp_path)
    (tmp_path / "compose.yaml").write_text(OPEN)
    return tmp_path


@pytest.fixture
def call(project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller_in(project, capfd, monkeypatch)


def ids_of(call: Call, *arguments: str) -> dict[str, str]:
    document = json.loads(call("suggest", "-o", "json", *arguments).out)
    check_against_schema("suggest.v1", document)
    return {one["rule"]: one["id"] for one in document["suggestions"]}


def test_suggestions_come_ranked_with_their_line_and_fix(call: Call) -> None:
    done = call("suggest")
    assert done.code == 0
    assert re.match(r"HIGH    port 5432:5432 of db is open to the whole network  [0-9a-f]{8}\n", done.out)
    assert "compose.yaml:1" in done.out
    assert 'fix: services.db.ports: "127.0.0.1:5432:5432"' in done.out
    assert "MEDIUM  no alert watches the service" in done.out
    assert "Gap: the logs were not seen" in done.out


def test_json_keeps_its_schema_and_obeys_the_least_priority(call: Call) -> None:
    assert set(ids_of(call, "--min-priority", "high")) == {"compose-loopback-port"}


def test_what_is_dismissed_is_gone_until_all_is_asked_for(call: Call) -> None:
    wanted = ids_of(call)["compose-loopback-port"]
    done = call("suggest", "dismiss", wanted[:6], "--reason", "a lab network")
    assert done.err.startswith("dismissed: port 5432:5432 of db")
    assert "compose-loopback-port" not in ids_of(call)
    assert "compose-loopback-port" in ids_of(call, "--all")
    assert "[dismissed: a lab network]" in call("suggest", "--all").out
    assert call("suggest", "accept", wanted).code == 0
    assert "compose-loopback-port" in ids_of(call)


def test_an_id_of_nothing_is_wrong_usage(call: Call) -> None:
    done = call("suggest", "dismiss", "zzz")
    assert done.code == 2
    assert "is no suggestion of this project" in done.err
    assert call("suggest", "accept", " ").code == 2


def test_what_the_knowledge_base_saw_again_and_again_is_suggested(project: Path, call: Call) -> None:
    settings = load_settings(project / "blissful-infra.yaml")
    with open_knowledge(settings) as base:
        for hour in range(3):
            incident = base.record(an_incident(minute=60 * hour))
        for minute in range(3):
            base.add_outcome(an_outcome(incident, minute=minute))
    done = call("suggest")
    assert f"incident {incident.id}" in done.out
    assert {"recurring-incident", "proven-fix"} <= set(ids_of(call))
    assert "1 incident\n" in done.out


def test_without_its_memory_it_says_so_and_goes_on(project: Path, call: Call) -> None:
    (project / ".blissful").mkdir(exist_ok=True)
    (project / ".blissful" / "knowledge.db").write_bytes(b"this is no database, whatever it is called" * 100)
    done = call("suggest")
    assert "HIGH    port 5432:5432" in done.out
    assert "Gap: the knowledge base was not seen: " in done.out
    assert call("suggest", "dismiss", ids_of(call)["compose-loopback-port"]).code == 4


def test_daily_keeps_the_result_and_prints_what_is_new(project: Path, call: Call) -> None:
    assert "HIGH    port 5432:5432" in call("suggest", "--daily").out
    kept = json.loads((project / ".blissful" / "suggestions.json").read_text())
    check_against_schema("suggest.v1", kept)
    assert kept["counts"]["high"] == 1
    assert call("suggest", "--daily").out.startswith("Nothing new to suggest.")
    (project / "Dockerfile").write_text("FROM python:3.12\n")
    assert call("suggest", "--daily").out.startswith("HIGH    the program runs as root")


def test_the_schedule_is_printed_and_nothing_is_written(project: Path, call: Call) -> None:
    before = sorted(project.rglob("*"))
    done = call("suggest", "--schedule")
    assert f"WorkingDirectory={project}\n" in done.out
    assert re.search(r"^ExecStart=/\S+ suggest --daily --no-color$", done.out, re.MULTILINE)
    assert re.search(rf"^# \d+ 6 \* \* \* cd {re.escape(str(project))} && /\S+ suggest --daily", done.out, re.MULTILINE)
    assert sorted(project.rglob("*")) == before


def test_a_folder_of_an_odd_name_is_quoted_in_the_schedule() -> None:
    from blissful_infra.cli.suggest_schedule import schedule_of

    text = schedule_of(Path("/srv/100% a'b"))
    assert "WorkingDirectory=/srv/100%% a'b\n" in text
    assert "cd '/srv/100\\% a'\"'\"'b' &&" in text


@pytest.mark.parametrize("template", ["spring-boot", "fastapi"])
def test_a_generated_project_has_nothing_urgent(
    template: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = caller_in(tmp_path, capfd, monkeypatch)("create", "shop", "--template", template, "--redis", "--no-input")
    assert made.code == 0
    document = json.loads(caller_in(tmp_path / "shop", capfd, monkeypatch)("suggest", "-o", "json").out)
    assert [one["title"] for one in document["suggestions"] if one["priority"] != "low"] == []
    assert int(document["seen"][0].split()[0]) > 40
    assert [gap for gap in document["gaps"] if "logs" not in gap and "knowledge" not in gap] == []


def test_every_rule_is_on_the_page() -> None:
    page = (ROOT / "docs" / "commands" / "suggest.md").read_text()
    rules = "".join(path.read_text() for path in (ROOT / "agent" / "advice" / "rules").glob("*.py"))
    named = set(re.findall(r'rule="([a-z-]+)"', rules)) | {"kubernetes-readiness-probe", "kubernetes-liveness-probe"}
    assert len(named) > 30
    assert {rule for rule in named if f"| `{rule}` |" not in page} == set()
