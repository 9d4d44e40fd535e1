from datetime import timedelta

from agent.domain.investigation import Document, Investigation, LogFile
from agent.domain.service_state import Health, ServiceState
from agent.rca.live_question import asked
from tests.unit.agent.factories import NOON

RUNS = "notes/runs.txt"
AT = (NOON - timedelta(minutes=5)).isoformat()


def question(**given: object) -> Investigation:
    return asked(Investigation(title="", alert="", **given), "shop", NOON)  # type: ignore[arg-type]


def test_what_is_not_well_is_the_question_and_what_others_wait_for_comes_first() -> None:
    app = ServiceState(name="app", health=Health.HEALTHY, needs=("db",), failing=(("db", "refused"),))
    db = ServiceState(name="db", health=Health.STOPPED, detail="exited with 1")
    asks = question(services=(app, db))
    assert asks.title == "shop: db is stopped; app is not ready, it misses db"
    assert asks.alert.splitlines()[1:] == ["db: exited with 1", "app: db: refused"]
    assert asks.alert_at == NOON


def test_a_pod_that_is_not_ready_is_the_question() -> None:
    table = (
        "NAME  READY  STATUS  RESTARTS  AGE\nweb-1  0/1  CrashLoopBackOff  4  5m\nmigrate-1  0/1  Completed  0  5m\n"
    )
    asks = question(kubernetes=(Document("kubernetes/get-pods.txt", table),))
    assert asks.title == "shop: pod web-1 is CrashLoopBackOff (0/1 ready)"


def test_else_the_last_run_when_it_failed() -> None:
    text = f"{AT} up service.failed db: db failed: no space\n{AT} up run.finished run: the run failed on local\n"
    asks = question(notes=(Document(RUNS, text),))
    assert asks.title == "shop: the last up failed: db: db failed: no space"
    assert asks.alert_at == NOON - timedelta(minutes=5)


def test_a_failed_run_that_a_good_one_followed_is_over() -> None:
    ends = f"{AT} up run.finished run: the run failed on local\n{AT} up run.finished run: the run ended well\n"
    asks = question(notes=(Document(RUNS, ends),), logs=(LogFile("app", "logs/app.log", ("x",)),))
    assert asks.title == "Is anything wrong with shop (app)?"
