from blissful_infra.stacks.plan import BuildStamp, Folder, RuntimeOffer, plan_of
from blissful_infra.stacks.ports import wishes_of
from tests.unit.stacks.factories import a_config, a_plan


def test_services_stand_after_what_they_need() -> None:
    names = a_plan().names
    assert names[-1] == "app"
    assert set(names[:-1]) == {"postgres", "kafka", "app-build"}


def test_docker_builds_images_not_sources() -> None:
    plan = a_plan(runtime="docker")
    assert "app-build" not in plan.names
    assert plan.service("app").argv == ()


def test_every_variable_follows_the_port_block() -> None:
    config = a_config()
    folder = Folder(a_plan().project_dir, a_plan().state_dir, "abcd1234")
    ports = {name: port + 100 for name, port in wishes_of(config).items()}
    app = plan_of(config, folder, ports, RuntimeOffer("process", "")).service("app")
    assert app.environment["PORT"] == "8180"
    assert app.environment["POSTGRES_PORT"] == "5532"
    assert app.environment["KAFKA_BOOTSTRAP_SERVERS"] == "127.0.0.1:9192"
    assert app.url == "http://localhost:8180"


def test_the_password_is_named_never_planned() -> None:
    app = a_plan().service("app")
    assert app.secrets == ("POSTGRES_PASSWORD",)
    assert "POSTGRES_PASSWORD" not in app.environment
    assert a_plan().service("kafka").secrets == ()


def test_a_version_that_cannot_be_given_is_said() -> None:
    config = a_config(backing={"postgres": {"version": "17"}, "kafka": {"version": "4.1"}, "redis": False})
    assert a_plan(config).notices == ("Postgres 17 was asked for; the process runtime gives 18.6",)
    assert a_plan().notices == ()


def test_the_served_revision_is_that_of_the_build() -> None:
    config = a_config()
    stamp = BuildStamp("f", "c0ffee", "2026-01-01T00:00:00+00:00")
    folder = Folder(a_plan().project_dir, a_plan().state_dir, "abcd1234", {"app": stamp})
    app = plan_of(config, folder, wishes_of(config), RuntimeOffer("process", "")).service("app")
    assert app.environment["GIT_REVISION"] == "c0ffee"
    assert app.environment["BUILD_TIME"] == "2026-01-01T00:00:00+00:00"


def test_a_second_service_is_told_where_the_first_is() -> None:
    services = {
        "app": {"port": 8080, "run": "./app"},
        "mail-worker": {"port": 8090, "run": "./worker", "needs": ["app"]},
    }
    worker = a_plan(a_config(services=services, backing={})).service("mail-worker")
    assert worker.environment["APP_URL"] == "http://127.0.0.1:8080"
    assert worker.environment["SERVICE_NAME"] == "my-service-mail-worker"
    assert worker.title == "Mail worker"
