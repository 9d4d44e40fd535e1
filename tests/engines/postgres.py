"""A real PostgreSQL from the embedded wheel, as the process runtime runs it."""

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from blissful_infra.stacks.plan import DATABASE
from blissful_infra.stacks.process.machine import machine
from blissful_infra.stacks.process.postgres_data import make_data
from blissful_infra.stacks.process.servers import postgres_command
from tests.ports import free_ports

STARTS_S = 60


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server over this folder, and the URL of a database in it; stopped at the end."""
    password, offer, (port,) = secrets.token_hex(12), machine(), free_ports(1)
    make_data(folder / "data", password, offer)
    url = f"postgresql://{DATABASE}:{password}@127.0.0.1:{port}/postgres"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(postgres_command(offer, folder / "data", port), stdout=log, stderr=log)
    try:
        _wait(url, server, folder / "log")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def database_in(url: str, name: str) -> str:
    """The URL of a database of this name, made where it is missing."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchall():
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return url.removesuffix("/postgres") + f"/{name}"


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.1)
