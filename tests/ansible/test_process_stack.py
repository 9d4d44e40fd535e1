"""The process runtime with real servers, through plain `ansible-playbook`."""

import json
import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from blissful_infra.runs.redaction import secrets_in
from blissful_infra.stacks.process.machine import kafka_pin
from blissful_infra.stacks.stack import Health
from tests.ansible.conftest import Project, changed_in, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def connect(project: Project) -> "psycopg.Connection[tuple[object, ...]]":
    password = secrets_in(project.state / "secrets.env")["POSTGRES_PASSWORD"]
    port = project.service("postgres").port
    return psycopg.connect(host="127.0.0.1", port=port, user="app", dbname="app", password=password)


def test_up_up_down_up_keeps_data_and_changes_nothing_twice(project: Project) -> None:
    dry = project.play("up", "--check")
    assert changed_in(dry) > 0
    assert not project.processes()
    assert not (project.state / "secrets.env").exists()

    first = project.play("up")
    assert "Starting tiny (runtime: process; asked for by blissful-infra.yaml:1)" in first
    assert [line.split()[1] for line in first.splitlines() if line.startswith("✓")][-1] == "Application"
    status = project.status()
    assert status.health is Health.HEALTHY
    assert {service.name: service.health for service in status.services} == dict.fromkeys(
        ("postgres", "redis", "app"), Health.HEALTHY
    )
    assert project.service("app").version == "0.1.0"
    with connect(project) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")

    pids = {service.name: service.pid for service in status.services}
    assert changed_in(project.play("up")) == 0
    assert changed_in(project.play("up", "--check")) == 0
    assert {service.name: service.pid for service in project.status().services} == pids

    assert changed_in(project.play("down")) == 1
    assert changed_in(project.play("down")) == 0
    assert not project.processes()
    assert project.status().health is Health.STOPPED

    project.play("up")
    with connect(project) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)
    project.play("down", "-e", "local_stack_remove_data=true")
    assert not (project.state / "process" / "data").exists()


def test_the_password_stands_in_one_file_and_no_process_list(project: Project) -> None:
    project.play("up")
    password = secrets_in(project.state / "secrets.env")["POSTGRES_PASSWORD"]
    assert (project.state / "secrets.env").stat().st_mode & 0o777 == 0o600
    arguments = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    assert password not in arguments
    home = Path(os.environ["XDG_STATE_HOME"]).parent
    holding = [
        file
        for top in (project.folder, home, Path.home() / ".ansible")
        for file in top.rglob("*")
        if file.is_file() and password.encode() in file.read_bytes()
    ]
    assert holding == [project.state / "secrets.env"]
    lines = next((project.state / "events").glob("*-up-*.jsonl")).read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert (events[0]["event"], events[-1]["event"]) == ("playbook_on_start", "playbook_on_stats")
    assert {event["service"] for event in events if event["event"] == "service"} == {"postgres", "redis", "app"}
    project.play("down")


def test_a_killed_server_is_seen_and_started_again_alone(project: Project) -> None:
    project.play("up")
    app = project.service("app")
    project.kill("postgres")
    eventually(lambda: project.service("postgres").detail == "was killed by a signal")
    assert project.service("postgres").health is Health.UNHEALTHY
    assert project.status().health is Health.UNHEALTHY
    out = project.play("up")
    assert "✓ Postgres ready" in out
    assert "✓ Application running" in out
    assert project.service("app").pid == app.pid
    assert project.service("postgres").restarts == 1
    assert project.service("app").restarts == 0
    project.play("down")


@pytest.mark.needs_java
def test_kafka_is_fetched_and_once_killed_seen_and_started_again_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLISSFUL_CACHE", str(tmp_path / "cache"))
    project = Project(tmp_path / "svc", backing=("kafka",))
    try:
        assert "✓ Kafka ready" in project.play("up")
        assert [folder.name for folder in (tmp_path / "cache" / "kafka").iterdir()] == [kafka_pin()]
        app = project.service("app")
        project.kill("kafka")
        eventually(lambda: project.service("kafka").detail == "was killed by a signal")
        assert project.status().health is Health.UNHEALTHY
        out = project.play("up")
        assert "✓ Kafka ready" in out
        assert project.status().health is Health.HEALTHY
        assert project.service("app").pid == app.pid
        assert project.service("kafka").restarts == 1
        project.play("down")
        assert not project.processes()
    finally:
        project.end()
