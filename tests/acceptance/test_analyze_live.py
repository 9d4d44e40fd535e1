"""`analyze` of a real stack: quiet when all is well; Postgres that died is named, live and from a support bundle."""

import json
from typing import Any

import pytest

from tests.acceptance.running import Project, eventually
from tests.schemas import check_against_schema

pytestmark = pytest.mark.applies_to(needs=("postgres",))


def analysis(project: Project, *arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(project.cli("analyze", "-o", "json", *arguments).stdout)
    check_against_schema("analyze.v1", document)
    return document


def test_postgres_that_died_is_named_live_and_from_a_bundle(project: Project) -> None:
    project.cli("up", "--runtime", project.combination.runtime)
    quiet = analysis(project)
    assert {one["source"] for one in quiet["gathered"]} == {"git", "runs", "stack", "logs"}
    assert {one["status"] for one in quiet["gathered"]} <= {"ok", "empty"}
    assert {one["category"] for one in quiet["findings"]} <= {"healthy"}
    assert project.cli("analyze", "--exit-code").returncode == 0

    project.kill("postgres")
    eventually(
        lambda: project.service("postgres")["health"], lambda seen: seen not in {"healthy", "starting"}, within=10
    )
    with project.client() as client:
        eventually(lambda: client.get("/ready"), lambda answer: answer.status_code == 503, within=15)
    try:
        live = analysis(project)
        bundle = project.folder.parent / f"{project.folder.name}-support.tar.gz"
        project.cli("support-bundle", "--output", str(bundle), "-o", "json")
        told = analysis(project, "--bundle", str(bundle))
        assert project.cli("analyze", "--exit-code", check=False).returncode == 7
    finally:
        project.cli("up", "--runtime", project.combination.runtime)
    for document in (live, told):
        first = document["findings"][0]
        assert (first["subject"], first["category"]) == ("postgres", "service-down")
        assert any('"name":"postgres"' in quote["quote"] for quote in first["evidence"])
    assert [one["rule"] for one in live["findings"]] == [one["rule"] for one in told["findings"]]
    secrets = (project.folder / ".blissful/secrets.env").read_text().splitlines()
    password = next(line.partition("=")[2] for line in secrets if line.startswith("POSTGRES_PASSWORD="))
    assert password not in json.dumps(live)
    bundle.unlink()
