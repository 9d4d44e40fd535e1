import dataclasses

from blissful_infra.stacks.failing import failure_of
from blissful_infra.stacks.stack import Health
from blissful_infra.stacks.waiting import Failed, Limits, Progress, critical_path, step_of
from tests.unit.stacks.factories import a_plan, seen

LIMITS = Limits(service_s=10, build_s=60)
DUE = ("app-build",)


def test_what_needs_nothing_starts_at_once() -> None:
    plan = a_plan()
    step = step_of(plan, seen(plan), Progress(), now=0, due=DUE, limits=LIMITS)
    assert set(step.start) == {"postgres", "kafka", "app-build"}


def test_a_service_waits_for_all_it_needs() -> None:
    plan = a_plan()
    progress = Progress(started={"postgres": 0, "kafka": 0, "app-build": 0}, ready={"postgres": 1})
    step = step_of(plan, seen(plan, postgres="healthy", kafka="starting"), progress, now=2, due=DUE, limits=LIMITS)
    assert (step.start, step.ready) == ((), ("app-build",))
    progress.ready["app-build"] = 2
    step = step_of(plan, seen(plan, postgres="healthy", kafka="healthy"), progress, now=3, due=DUE, limits=LIMITS)
    assert (step.start, step.ready) == (("app",), ("kafka",))


def test_a_running_healthy_service_is_left_alone() -> None:
    plan = a_plan()
    step = step_of(
        plan, seen(plan, postgres="healthy", kafka="healthy", app="healthy"), Progress(), now=0, limits=LIMITS
    )
    assert step.start == ()
    assert set(step.ready) == set(plan.names)


def test_a_build_that_is_not_due_counts_as_done() -> None:
    plan = a_plan()
    assert "app-build" in step_of(plan, seen(plan), Progress(), now=0, limits=LIMITS).ready


def test_a_service_that_dies_ends_the_wait_at_once() -> None:
    plan = a_plan()
    progress = Progress(started={"postgres": 0, "kafka": 0})
    dead = [
        dataclasses.replace(status, health=Health.UNHEALTHY, exit_code=1, detail="ended with exit code 1")
        if status.name == "kafka"
        else status
        for status in seen(plan, postgres="starting")
    ]
    assert step_of(plan, dead, progress, now=1, limits=LIMITS).failed == Failed(
        "kafka", "Kafka", "ended with exit code 1"
    )


def test_a_ready_service_that_dies_meanwhile_ends_the_wait() -> None:
    plan = a_plan()
    progress = Progress(started={"postgres": 0, "kafka": 0}, ready={"postgres": 1.0})
    step = step_of(plan, seen(plan, kafka="starting"), progress, now=2, limits=LIMITS)
    assert step.failed is not None
    assert step.failed.name == "postgres"


def test_what_died_before_this_run_is_started_again() -> None:
    plan = a_plan()
    statuses = [
        dataclasses.replace(status, health=Health.UNHEALTHY, exit_code=137) if status.name == "postgres" else status
        for status in seen(plan, kafka="healthy", app="healthy")
    ]
    step = step_of(plan, statuses, Progress(), now=0, limits=LIMITS)
    assert step.failed is None
    assert step.start == ("postgres",)


def test_a_service_has_its_time_from_its_own_start() -> None:
    plan = a_plan()
    progress = Progress(started={"postgres": 5, "kafka": 5})
    statuses = seen(plan, postgres="starting", kafka="starting")
    assert step_of(plan, statuses, progress, now=14, limits=LIMITS).failed is None
    late = step_of(plan, statuses, progress, now=16, limits=LIMITS).failed
    assert late is not None
    assert late.why == "not ready within 10 s"


def test_a_build_may_take_longer() -> None:
    plan = a_plan()
    progress = Progress(started={"app-build": 0}, ready={"postgres": 1, "kafka": 1})
    statuses = seen(plan, app_build="starting", postgres="healthy", kafka="healthy")
    assert step_of(plan, statuses, progress, now=50, due=DUE, limits=LIMITS).failed is None
    assert step_of(plan, statuses, progress, now=61, due=DUE, limits=LIMITS).failed is not None


def test_the_critical_path_names_what_decided_the_time() -> None:
    plan = a_plan()
    ready = {"postgres": 1.0, "kafka": 6.0, "app-build": 4.0, "app": 9.0}
    assert critical_path(plan, ready) == ("kafka", "app")


def test_a_failure_carries_lines_log_and_fix() -> None:
    plan = a_plan()
    tail = ("FATAL: could not bind", "Address already in use")
    error = failure_of(plan, Failed("postgres", "Postgres", "ended with exit code 1"), tail, ["kafka"])
    assert error.message == "Postgres failed: ended with exit code 1"
    assert error.log_tail == tail
    assert error.context["still running"] == "kafka"
    assert "moves to free ports" in str(error.hint)
    build = failure_of(plan, Failed("app-build", "Application build", "ended with exit code 2"), (), [])
    assert "`make build`" in str(build.hint)
