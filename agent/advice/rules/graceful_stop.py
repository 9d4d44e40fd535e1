"""A service that cuts off the requests under way when it is stopped."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion


def graceful_stop(material: Material) -> Iterator[Suggestion]:
    """Spring's immediate shutdown, and Compose services that are killed instead of stopped."""
    for file in material.settings:
        setting = file.first("server.shutdown")
        if setting and setting.text.lower() == "immediate":
            yield Suggestion(
                rule="graceful-stop",
                priority=Priority.MEDIUM,
                subject=setting.key,
                title="the service stops without finishing what runs",
                why="every deploy cuts off requests",
                fix="server.shutdown: graceful, and spring.lifecycle.timeout-per-shutdown-phase below the grace period",
                evidence=(material.shown(file.path, setting.line),),
            )
    for compose in material.composes:
        for name, service in compose.node.items("services"):
            key = "stop_signal" if service.text("stop_signal") in {"SIGKILL", "KILL", "9"} else ""
            key = key or ("stop_grace_period" if service.text("stop_grace_period") in {"0", "0s"} else "")
            if key:
                yield Suggestion(
                    rule="graceful-stop",
                    priority=Priority.MEDIUM,
                    subject=name,
                    title=f"{name} is killed instead of stopped",
                    why="requests are cut off, and a database recovers at every start",
                    fix="leave stop_signal to the image, and stop_grace_period longer than the longest request",
                    evidence=(material.shown(compose.path, (service.at(key) or service).line),),
                )
