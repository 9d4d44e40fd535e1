"""The contract of collectors on a real engine, and containers followed through a restart."""

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import docker
import pytest
from docker.models.containers import Container

from agent.collectors.docker_logs import DockerLogs
from agent.collectors.evidence.container_logs import ContainerLogTexts
from agent.collectors.log_feeds import ContainerFeed
from agent.collectors.log_following import followed
from agent.collectors.log_history import history_of
from agent.domain import Bound, CollectedStatus, Severity, Window
from agent.normalize.log_filter import LogFilter
from blissful_infra.stacks.docker.engine import connected
from tests.engines.docker import IMAGES, own_images

pytestmark = [pytest.mark.needs_docker, pytest.mark.slow]

SCRIPT = """
exec 2>&1
echo '{"log":{"level":"error"},"message":"one"}'
echo 'Traceback (most recent call last):' >&2; echo '  File "x.py", line 1' >&2; echo 'KeyError: 1' >&2
sleep 1
echo 'INFO: three'
"""


@pytest.fixture
def container() -> Iterator[Container]:
    client = docker.from_env()
    image = IMAGES["redis"] if own_images() else "redis:7"
    made = client.containers.run(image, ["-c", SCRIPT], entrypoint="sh", user="0", detach=True)
    try:
        made.wait(timeout=60)
        yield made
    finally:
        made.remove(force=True)
        client.close()


def until_now() -> Window:
    now = datetime.now(UTC)
    return Window(now - timedelta(hours=1), now + timedelta(minutes=1))


def test_the_contract_of_collectors(container: Container) -> None:
    collector = DockerLogs({"app": str(container.name)}, connected)
    first, second = (collector.collect(until_now(), Bound()) for _ in range(2))
    assert first.records == second.records
    assert len({event.id for event in first.records}) == 3
    assert [event.severity for event in first.records] == [Severity.ERROR, Severity.ERROR, Severity.INFO]
    assert first.records[1].attrs["stack"].endswith("KeyError: 1")
    last = first.records[-1].at
    window = Window(last - timedelta(milliseconds=500), last)
    assert [event.message for event in collector.collect(window, Bound()).records] == ["three"]
    assert collector.collect(until_now(), Bound(records=1)).records == first.records[-1:]
    long_ago = Window(last - timedelta(days=9), last - timedelta(days=8))
    assert collector.collect(long_ago, Bound()).status is CollectedStatus.EMPTY


def test_a_container_that_is_gone_is_unavailable() -> None:
    found = DockerLogs({"app": "no-such-container"}, connected).collect(until_now(), Bound())
    assert (found.status, found.detail) == (CollectedStatus.UNAVAILABLE, "app: its container is gone")


def test_following_goes_on_through_a_restart_without_repeating(container: Container) -> None:
    feed = ContainerFeed("app", str(container.name), lambda: connected(timeout_s=10))
    before = [entry.line.message for entry in history_of([feed], LogFilter())]
    assert [before[0], before[-1]] == ["one", "three"]
    container.start()
    found = [entry.line.message for entry in itertools.islice(followed([feed], LogFilter(), pause_s=0.1), 3)]
    assert found == before
    feed.close()
    time.sleep(1.2)


def test_the_contract_of_evidence(container: Container) -> None:
    source = ContainerLogTexts({"app": str(container.name), "gone": "no-such-container"}, connected)
    first, second = (source.gather(until_now(), Bound()) for _ in range(2))
    assert first == second
    assert [document.path for document in first.documents] == ["logs/app.log"]
    lines = first.documents[0].text.splitlines()
    assert sorted(lines)[0] == '  File "x.py", line 1'
    assert (len(lines), lines[-1]) == (5, "INFO: three")
    assert first.detail == "5 lines of 1 containers; gone: its container is gone"
    newest = source.gather(until_now(), Bound(records=2))
    assert newest.documents[0].text == "INFO: three\n"
    assert newest.truncated
    job = ContainerLogTexts({"app": str(container.name)}, connected, jobs={"app"}).gather(until_now(), Bound(octets=40))
    assert [(document.path, document.text) for document in job.documents] == [
        ("ci/app.log", "KeyError: 1\nINFO: three\n")
    ]
    ago = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    assert source.gather(ago, Bound()).status is CollectedStatus.EMPTY
