"""When the answer is that the workload asked about is well."""

from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.rca.health import claims_of_health
from tests.unit.agent.rca.bundles import a_bundle

HEADER = "version: 1\ntitle: why is web unhealthy?\nalert: why is web unhealthy?\n"
WELL = "default   web-5d98ffcfd-abcde   1/1   Running   0   2d   app=web\n"
DESCRIBED = """Name:             web-5d98ffcfd-abcde
Status:           Running
    Restart Count:  {restarts}
Conditions:
  Ready             {ready}
Events:
  {event}
"""


def sights(folder: Path, **files: str) -> list[tuple[str, str]]:
    bundle = a_bundle(folder, HEADER, {name.replace("__", "/") + ".txt": text for name, text in files.items()})
    return [(claim.subject, claim.category) for claim in claims_of_health(read_bundle(bundle))]


def test_a_workload_whose_pods_are_all_ready_is_healthy(tmp_path: Path) -> None:
    described = DESCRIBED.format(restarts=0, ready="True", event="Normal  Started")
    assert sights(tmp_path, kubernetes__get=WELL, kubernetes__describe=described) == [("web", "healthy")]


@pytest.mark.parametrize(
    "bad",
    [
        WELL.replace("1/1", "0/1"),
        WELL.replace(" 0 ", " 3 "),
        WELL.replace("Running", "CrashLoopBackOff"),
        DESCRIBED.format(restarts=2, ready="True", event="Normal  Started"),
        DESCRIBED.format(restarts=0, ready="False", event="Normal  Started"),
        "default   web   2/3   3   2   5d   app=web\n",
        "default   web   1/1   0   1   5d   app=web\n",
    ],
)
def test_one_bad_sight_is_enough_not_to_call_it_healthy(tmp_path: Path, bad: str) -> None:
    assert sights(tmp_path, kubernetes__get=WELL, kubernetes__other=bad) == []


@pytest.mark.parametrize(
    "past",
    [
        WELL.replace(" 0   2d", " 1 (47h ago)   2d"),
        DESCRIBED.format(restarts=1, ready="True", event="Warning  Unhealthy  probe failed"),
        "web-29929897-4n92k   0/1   Completed   0   78s\n",
        "default   web   0/1   1   0   3s   app=web\n",
    ],
)
def test_what_was_got_over_says_nothing_against_it(tmp_path: Path, past: str) -> None:
    assert sights(tmp_path, kubernetes__get=WELL, kubernetes__other=past) == [("web", "healthy")]


def test_a_container_that_restarts_again_and_again_is_not_well(tmp_path: Path) -> None:
    assert sights(tmp_path, kubernetes__get=WELL.replace(" 0   2d", " 9 (3h ago)   2d")) == []


def test_another_workload_says_nothing(tmp_path: Path) -> None:
    assert sights(tmp_path, kubernetes__get=WELL.replace("web-", "website-")) == []


def test_an_error_in_the_workloads_log_is_a_complaint(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path, HEADER, {"kubernetes/get.txt": WELL, "logs/web-5d98ffcfd-abcde.log": "ERROR no db\n"})
    assert claims_of_health(read_bundle(bundle)) == ()


@pytest.mark.parametrize(
    ("log", "well"),
    [
        ("ERROR no db\n" * 5 + "INFO served\n" * 4, True),
        ("ERROR no db\n" * 5 + "INFO served\n" * 2, False),
        ("ERROR no db\nINFO served\nINFO served\nINFO served\nINFO served\n" * 3, False),
        ('{"level":"warn","msg":"slow query failed once"}\n', True),
        ('level=warn msg="connect failed"\nlevel=info msg=up\nlevel=info msg=up\n' * 9, True),
        ('level=warn msg="connect failed"\n' * 9, False),
        ('level=error msg="ignoring a malformed pixel"\n', True),
    ],
)
def test_failures_that_were_got_over_are_no_complaint(tmp_path: Path, log: str, well: bool) -> None:
    bundle = a_bundle(tmp_path, HEADER, {"kubernetes/get.txt": WELL, "logs/web-5d98ffcfd-abcde.log": log})
    assert bool(claims_of_health(read_bundle(bundle))) is well


def test_a_job_that_a_later_try_made_good_is_well(tmp_path: Path) -> None:
    tries = "web-9rv7c   0/1   Error   0   49s\nweb-2sqjq   0/1   Completed   0   14s\n"
    assert sights(tmp_path, kubernetes__get=tries) == []
    assert sights(tmp_path, kubernetes__get=tries, kubernetes__jobs="web   Complete   1/1   41s   53s\n")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Is anything wrong in namespace shop?", [("shop", "healthy")]),
        ("Is anything wrong?", [("api", "healthy")]),
        ("Customers see errors in namespace shop.", []),
    ],
)
def test_a_question_that_names_no_workload_is_about_all_that_was_seen(
    tmp_path: Path, question: str, found: list[tuple[str, str]]
) -> None:
    header = f"version: 1\ntitle: '{question}'\nalert: '{question}'\n"
    pods = "api-5d98ffcfd-tz4nc   1/1   Running   0   2d\nweb-5d98ffcfd-tz4nc   {ready}/1   Running   0   2d\n"
    for ready, expected in ((1, found), (0, [])):
        bundle = a_bundle(tmp_path / str(ready), header, {"kubernetes/get.txt": pods.format(ready=ready)})
        claims = claims_of_health(read_bundle(bundle))
        assert [(claim.subject, claim.category) for claim in claims] == expected


QUESTION = "version: 1\ntitle: web answers with errors\nalert: web answers with errors\n"
CALM = {"kubernetes/get.txt": WELL, "logs/web-5d98ffcfd-abcde.log": "INFO up\nINFO served\n"}


def test_against_a_symptom_a_pod_without_its_log_says_little_and_the_log_is_asked_for(tmp_path: Path) -> None:
    (heard,) = claims_of_health(read_bundle(a_bundle(tmp_path / "heard", QUESTION, CALM)))
    bundle = a_bundle(tmp_path / "unheard", QUESTION, {"kubernetes/get.txt": WELL})
    (unheard,) = claims_of_health(read_bundle(bundle))
    assert unheard.strength < heard.strength / 2
    assert heard.gaps == ()
    assert unheard.gaps == ("the log of web: kubectl logs deploy/web",)


def test_a_restart_of_unknown_reason_speaks_against_all_is_well(tmp_path: Path) -> None:
    files = CALM | {"kubernetes/get.txt": WELL.replace(" 0   2d", " 1 (47h ago)   2d")}
    (calm,) = claims_of_health(read_bundle(a_bundle(tmp_path / "calm", QUESTION, CALM)))
    (restarted,) = claims_of_health(read_bundle(a_bundle(tmp_path / "restarted", QUESTION, files)))
    assert restarted.strength < calm.strength


def test_what_it_calls_and_nobody_looked_at_is_told(tmp_path: Path) -> None:
    graph = HEADER + "topology: {edges: [[web, ledger]]}\n"
    (seen,) = claims_of_health(read_bundle(a_bundle(tmp_path / "alone", HEADER, CALM)))
    (unseen,) = claims_of_health(read_bundle(a_bundle(tmp_path / "graph", graph, CALM)))
    assert unseen.strength < seen.strength
    assert unseen.gaps == ("whether what it calls is well: ledger",)
