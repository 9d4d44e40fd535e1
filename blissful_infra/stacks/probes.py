"""Asks a server whether it serves: each returns None when it does, else why not, in a few words."""

import contextlib
import http.client
import json
import socket
import struct
import subprocess
from collections.abc import Callable, Mapping

from blissful_infra.stacks.plan import DATABASE
from blissful_infra.stacks.process.machine import machine
from blissful_infra.stacks.stack import Kind, ServicePlan

ANSWER_WITHIN_S = 0.7
LOOPBACK = "127.0.0.1"

Probe = Callable[[ServicePlan], str | None]


def answers_http(service: ServicePlan) -> str | None:
    """200 on the health path."""
    status, _ = _get(service, str(service.health_path))
    return None if status == 200 else f"{service.health_path} answers {status}"


def answers_postgres(service: ServicePlan) -> str | None:
    """Accepts connections (`pg_isready`), which is later than an open port."""
    argv = [str(machine().postgres_bin / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(service.port), "-d", DATABASE]
    done = subprocess.run(argv, timeout=ANSWER_WITHIN_S, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    return {0: None, 1: "still starts or stops"}.get(done.returncode, "does not answer")


def answers_redis(service: ServicePlan) -> str | None:
    """PONG."""
    with _connected(service) as link:
        link.sendall(b"PING\r\n")
        answer = link.recv(128)
    return None if answer.startswith(b"+PONG") else answer.decode(errors="replace").strip() or "closes the connection"


def answers_kafka(service: ServicePlan) -> str | None:
    """A metadata request (version 1, no topics) that names a broker: the port opens a little earlier."""
    request = struct.pack(">hhih", 3, 1, 1, -1) + struct.pack(">i", 0)
    with _connected(service) as link:
        link.sendall(struct.pack(">i", len(request)) + request)
        with link.makefile("rb") as answer:
            head = answer.read(12)
    if len(head) < 12:
        return "closes the connection"
    return None if struct.unpack(">iii", head)[2] > 0 else "knows no broker yet"


PROBES: Mapping[Kind, Probe] = {
    Kind.APPLICATION: answers_http,
    Kind.POSTGRES: answers_postgres,
    Kind.REDIS: answers_redis,
    Kind.KAFKA: answers_kafka,
}


def probe(service: ServicePlan) -> str | None:
    """Why the service does not serve, or None; within a second."""
    try:
        return PROBES[service.kind](service)
    except (TimeoutError, subprocess.TimeoutExpired):
        return f"does not answer within {ANSWER_WITHIN_S:g} s"
    except ConnectionRefusedError:
        return f"nothing listens on port {service.port}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__


def served_version(service: ServicePlan) -> str | None:
    """What `/version` says: the version, and the first digits of the revision where it is known."""
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        status, body = _get(service, "/version")
        document = json.loads(body) if status == 200 else {}
        version, revision = str(document["version"]), str(document.get("revision", ""))
        return f"{version} ({revision[:7]})" if len(revision) >= 7 and revision != "unknown" else version
    return None


def _get(service: ServicePlan, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, int(service.port or 0), timeout=ANSWER_WITHIN_S)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(65536)


def _connected(service: ServicePlan) -> socket.socket:
    link = socket.create_connection((LOOPBACK, int(service.port or 0)), timeout=ANSWER_WITHIN_S)
    link.settimeout(ANSWER_WITHIN_S)
    return link
