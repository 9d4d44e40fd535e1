"""A rolling update and a rollback lose no request, at a rate that does not wait for answers."""

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.delivery.conftest import Project, kubectl
from tests.missing import missing

pytestmark = [pytest.mark.needs_cluster, pytest.mark.slow, pytest.mark.timeout(600)]

RATE = float(os.environ.get("BLISSFUL_TEST_RATE") or 200)
"""Requests a second; less for machines that cannot give it."""
WITHIN_S = 30.0
ENOUGH = 0.95


@dataclass
class Load:
    """Requests that leave at a fixed rate, each over a connection of its own, whether or not the last was answered."""

    host: str
    path: str = "/hello"
    got: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def rate(self) -> float:
        """Requests a second that left."""
        return self.got.total() / self.seconds

    async def run(self) -> None:
        began = time.monotonic()
        tasks: set[asyncio.Task[None]] = set()
        sent = 0
        while not self.over.is_set():
            while sent < (time.monotonic() - began) * RATE:
                task = asyncio.create_task(self._ask())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                sent += 1
            await asyncio.sleep(1 / RATE)
        self.seconds = time.monotonic() - began
        await asyncio.gather(*tasks)

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                self.got[await self._status()] += 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            self.got[repr(error)] += 1

    async def _status(self) -> str:
        reader, writer = await asyncio.open_connection(self.host, 80)
        try:
            writer.write(f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        if not body:
            raise ValueError(f"half an answer: {answer[:60]!r}")
        return head.split(b" ", 2)[1].decode()


@contextmanager
def asking(host: str) -> Iterator[Load]:
    """Load on this host for as long as the block takes."""
    load = Load(host)
    thread = threading.Thread(target=lambda: asyncio.run(load.run()))
    thread.start()
    try:
        yield load
    finally:
        load.over.set()
        thread.join()


def test_no_request_is_lost_while_pods_are_replaced(project: Project) -> None:
    assert project.deploy(project.image()).returncode == 0
    address = kubectl("-n", project.namespace, "get", "service", "my-service", "-o", "jsonpath={.spec.clusterIP}")
    try:
        httpx.get(f"http://{address}/health", timeout=10)
    except httpx.HTTPError:
        missing("this machine has no way to the cluster's Services")
    second = project.image()
    with asking(address) as load:
        assert project.deploy(second).returncode == 0
        assert project.call("rollback", "--env", "staging").returncode == 0
    print(f"{load.got.total()} requests in {load.seconds:.0f} s, {load.rate:.0f} a second: {dict(load.got)}")
    assert set(load.got) == {"200"}
    assert load.rate >= ENOUGH * RATE, f"this machine gave {load.rate:.0f} a second; BLISSFUL_TEST_RATE asks for less"
