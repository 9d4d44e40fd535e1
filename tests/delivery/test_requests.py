"""A rolling update and a rollback lose no request."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.delivery.conftest import Project, kubectl
from tests.missing import missing

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

CLIENTS = 4
EVERY_S = 0.05


@contextmanager
def asking(url: str) -> Iterator[Counter[str]]:
    """Clients that ask all the time, each request over a connection of its own; what they got."""
    got: Counter[str] = Counter()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                got[str(httpx.get(url, timeout=30).status_code)] += 1
            except httpx.HTTPError as error:
                got[repr(error)] += 1
            time.sleep(EVERY_S)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield got
    finally:
        over.set()
        for client in clients:
            client.join()


def test_no_request_is_lost_while_pods_are_replaced(project: Project) -> None:
    assert project.deploy(project.image()).returncode == 0
    address = kubectl("-n", project.namespace, "get", "service", "my-service", "-o", "jsonpath={.spec.clusterIP}")
    try:
        httpx.get(f"http://{address}/health", timeout=10)
    except httpx.HTTPError:
        missing("this machine has no way to the cluster's Services")
    with asking(f"http://{address}/hello") as got:
        assert project.deploy(project.image()).returncode == 0
        assert project.call("rollback", "--env", "staging").returncode == 0
    print(got)
    assert set(got) == {"200"}
    assert got["200"] > 200
