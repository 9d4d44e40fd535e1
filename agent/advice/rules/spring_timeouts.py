"""A Spring application that waits for its database, cache or neighbour as long as it takes."""

from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.settings import Setting, SettingsFile
from agent.domain.suggestion import Priority, Suggestion

_WHY = "when it hangs, every request waits with it, until no thread is left"


def spring_timeouts(material: Material) -> Iterator[Suggestion]:
    """A JDBC URL of PostgreSQL without a socket time-out, and Redis without a time-out."""
    for file in material.settings:
        for what, setting, fix in _unbounded(file):
            yield Suggestion(
                rule="application-timeout",
                priority=Priority.MEDIUM,
                subject=what,
                title=f"calls to {what} have no time-out",
                why=_WHY,
                fix=fix,
                evidence=(material.shown(file.path, setting.line),),
            )


def _unbounded(file: SettingsFile) -> Iterator[tuple[str, Setting, str]]:
    url = file.first("spring.datasource.url")
    in_properties = file.first("spring.datasource.hikari.data-source-properties.socketTimeout")
    if url and "socketTimeout" not in url.text and ("postgres" in url.text) and not in_properties:
        yield "the database", url, "add ?connectTimeout=1&socketTimeout=5 (seconds) to the URL"
    redis = file.first("spring.data.redis.host", "spring.redis.host", "spring.data.redis.url")
    if redis and not file.first("spring.data.redis.timeout", "spring.redis.timeout"):
        yield "Redis", redis, "spring.data.redis.timeout: 1s"
