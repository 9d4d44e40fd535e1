"""Faults of local stacks: what is broken in a created project, and what the person on call is told."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.running import Combination, Project

HEALTHY = {
    "culprits": [],
    "category": "healthy",
    "must_mention": ["healthy|no (issue|problem)|nothing (is )?wrong"],
}


def nothing(project: Project) -> None:
    """Leave it as it is."""


@dataclass(frozen=True)
class Fault:
    """`prepare` runs before the stack is up (`starts` says whether it comes up), `hurt` after, `undo` at its end."""

    combination: Combination
    title: str
    alert: str
    label: Mapping[str, Any]
    hurt: Callable[[Project], None] = nothing
    prepare: Callable[[Project], None] = nothing
    starts: bool = True
    environ: Mapping[str, str] = field(default_factory=dict)
    undo: Callable[[Project], None] = nothing


def traffic(project: Project, seconds: float = 8) -> None:
    """Requests as a few users make them; what comes back does not matter."""
    end = time.monotonic() + seconds
    with httpx.Client(base_url=project.url, timeout=5, trust_env=False) as client:
        at = 0
        while time.monotonic() < end:
            for method, path, body in (("GET", f"/hello/ada{at % 3}", None), ("POST", "/echo", {"order": at})):
                try:
                    client.request(method, path, json=body)
                except httpx.HTTPError:
                    time.sleep(0.2)
            at += 1
            time.sleep(0.3)


def killing(name: str) -> Callable[[Project], None]:
    """Requests, then the server dies, then more requests."""

    def hurt(project: Project) -> None:
        traffic(project, 5)
        project.kill(name)
        traffic(project, 10)

    return hurt


def freezing(name: str) -> Callable[[Project], None]:
    """Requests, then the server hangs, also while the bundle is made."""

    def hurt(project: Project) -> None:
        traffic(project, 5)
        project.freeze(name)
        traffic(project, 15)

    return hurt


def thawing(name: str) -> Callable[[Project], None]:
    """The server goes on, so that it can be stopped."""
    return lambda project: project.thaw(name)


def heal(name: str) -> Callable[[Project], None]:
    """The server dies, comes back, and all is well again for a while."""

    def hurt(project: Project) -> None:
        killing(name)(project)
        project.cli("up", "--runtime", "process")
        traffic(project, 30)

    return hurt


def replace(path: str, old: str, new: str) -> Callable[[Project], None]:
    """Change the project's file; the change is committed, as somebody's everyday work."""

    def prepare(project: Project) -> None:
        file = project.folder / path
        text = file.read_text()
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1))
        commit(project, "Tidy up")

    return prepare


def writing(path: str, text: str, message: str) -> Callable[[Project], None]:
    """Add a file and commit it."""

    def prepare(project: Project) -> None:
        (project.folder / path).write_text(text)
        commit(project, message)

    return prepare


def commit(project: Project, message: str) -> None:
    """Commit all changes."""
    git = ["git", "-c", "user.name=Sam Doe", "-c", "user.email=sam@example.test"]
    if not (project.folder / ".git").exists():
        project.run("git", "init", "--quiet", "--initial-branch=main")
    project.run("git", "add", "--all")
    project.run(*git, "commit", "--quiet", "--message", message)


def port_taken(project: Project) -> None:
    """Another program listens where the application starts again."""
    traffic(project, 3)
    control = ["supervisorctl", "-c", ".blissful/process/supervisord.conf"]
    port = int(project.url.rsplit(":", 1)[1])
    project.run(*control, "stop", "app")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        project.run(*control, "start", "app", check=False)
        time.sleep(25)


TOPIC = "shop.echo"
"""Of the service `shop`, as the templates name it."""


def poison(project: Project) -> None:
    """A message that is no JSON, among good ones, again and again."""
    traffic(project, 5)
    servers = f"localhost:{project.service('kafka')['port']}"
    code = (
        "import asyncio, sys\nfrom aiokafka import AIOKafkaProducer\n"
        "async def main():\n"
        "    producer = AIOKafkaProducer(bootstrap_servers=sys.argv[1])\n    await producer.start()\n"
        "    for _ in range(20):\n        await producer.send_and_wait(sys.argv[2], b'<order id=7/>')\n"
        "    await producer.stop()\nasyncio.run(main())\n"
    )
    subprocess.run(["python", "-c", code, servers, TOPIC], check=True, env=os.environ)
    traffic(project, 8)


def migration(folder: Path) -> Path:
    """Where the template keeps its migrations."""
    return next(path for path in folder.rglob("0001_greetings.py")).parent


FULL = {"postgres": True, "redis": True}
FASTAPI = Combination("fastapi", "process", **FULL)
FASTAPI_KAFKA = Combination("fastapi", "process", kafka=True)
SPRING = Combination("spring-boot", "process", **FULL)
SPRING_KAFKA = Combination("spring-boot", "process", kafka=True)
SLOW = "app answers, but slowly and degraded. Why?"
DEGRADED = "app is not ready and answers with X-Degraded. What is broken?"

BAD_MIGRATION = '''# blissful: reversible
"""Remember when somebody was greeted last."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("greeting", sa.Column("last_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("greeting", "last_at")
'''

BAD_GREETING = (
    '    if name == name.lower():\n        return Greeting(message=GREETINGS[name])\n    message = f"Hello, {name}!"\n'
)

FAULTS: Mapping[str, Fault] = {
    "fastapi-postgres-killed": Fault(
        FASTAPI,
        "app is not ready",
        DEGRADED,
        {"culprits": ["postgres"], "category": "service-down", "must_mention": ["postgres"]},
        killing("postgres"),
    ),
    "fastapi-redis-killed": Fault(
        FASTAPI,
        "app is not ready",
        DEGRADED,
        {"culprits": ["redis"], "category": "service-down", "must_mention": ["redis"]},
        killing("redis"),
    ),
    "fastapi-postgres-frozen": Fault(
        FASTAPI,
        "app is slow",
        SLOW,
        {"culprits": ["postgres"], "category": "service-down", "must_mention": ["postgres", "answer"]},
        freezing("postgres"),
        undo=thawing("postgres"),
    ),
    "fastapi-port-taken": Fault(
        FASTAPI,
        "app does not come back after a restart",
        "app was restarted and does not come back.",
        {"culprits": ["app"], "category": "port-conflict", "must_mention": ["port|address", "in use|taken"]},
        port_taken,
    ),
    "fastapi-migration-broken": Fault(
        FASTAPI,
        "app does not start after the last commit",
        "app does not start since the last pull.",
        {"culprits": ["app"], "category": "migration-failed", "must_mention": ["migration|schema|greeting"]},
        traffic,
        lambda project: writing(
            str(migration(project.folder).relative_to(project.folder) / "0002_last_greeting.py"),
            BAD_MIGRATION,
            "Remember when somebody was greeted last",
        )(project),
    ),
    "fastapi-setting-wrong": Fault(
        FASTAPI,
        "app does not start",
        "app does not start on this machine.",
        {"culprits": ["app"], "category": "configuration-invalid", "must_mention": ["log_level"]},
        prepare=lambda project: replace(
            "blissful-infra.yaml", "run: .venv/bin/python -m app", "run: env LOG_LEVEL=loud .venv/bin/python -m app"
        )(project),
        starts=False,
    ),
    "fastapi-hello-broken": Fault(
        FASTAPI,
        "GET /hello answers 500",
        "GET /hello/ada answers 500 since the last commit.",
        {"culprits": ["app"], "category": "code-defect", "must_mention": ["GREETINGS|NameError"]},
        lambda project: traffic(project, 10),
        lambda project: replace("app/hello.py", '    message = f"Hello, {name}!"\n', BAD_GREETING)(project),
    ),
    "fastapi-kafka-killed": Fault(
        FASTAPI_KAFKA,
        "app is not ready",
        DEGRADED,
        {"culprits": ["kafka"], "category": "service-down", "must_mention": ["kafka"]},
        killing("kafka"),
    ),
    "fastapi-poison-message": Fault(
        FASTAPI_KAFKA,
        "app logs warnings about messages",
        "Some echoes never arrive.",
        {"culprits": ["app"], "category": "serialisation", "must_mention": ["JSON|message"]},
        poison,
    ),
    "spring-postgres-killed": Fault(
        SPRING,
        "app is not ready",
        DEGRADED,
        {"culprits": ["postgres"], "category": "service-down", "must_mention": ["postgres"]},
        killing("postgres"),
    ),
    "spring-redis-frozen": Fault(
        SPRING,
        "app is slow",
        SLOW,
        {"culprits": ["redis"], "category": "service-down", "must_mention": ["redis", "answer"]},
        freezing("redis"),
        undo=thawing("redis"),
    ),
    "spring-heap-exhausted": Fault(
        SPRING,
        "app does not start",
        "app does not come up since its memory was cut.",
        {"culprits": ["app"], "category": "oom-killed", "must_mention": ["memory|heap"]},
        prepare=lambda project: replace("blissful-infra.yaml", "run: java -jar", "run: java -Xmx24m -jar")(project),
        starts=False,
    ),
    "spring-kafka-killed": Fault(
        SPRING_KAFKA,
        "app is not ready",
        DEGRADED,
        {"culprits": ["kafka"], "category": "service-down", "must_mention": ["kafka"]},
        killing("kafka"),
    ),
    "healthy-fastapi": Fault(FASTAPI, "Is app well?", "Somebody says app is slow. Is it?", HEALTHY, traffic),
    "healthy-fastapi-recovered": Fault(
        FASTAPI,
        "app was not ready some minutes ago",
        "app was not ready for a moment. Is it still broken?",
        HEALTHY,
        heal("redis"),
    ),
    "healthy-spring": Fault(SPRING, "Is app well?", "A colleague asks whether app is fine.", HEALTHY, traffic),
    "healthy-spring-recovered": Fault(
        SPRING,
        "app logged errors about postgres",
        "app logged errors about postgres some minutes ago. Is it still broken?",
        HEALTHY,
        heal("postgres"),
    ),
}
