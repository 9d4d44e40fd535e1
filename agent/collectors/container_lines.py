"""The lines the Docker engine keeps of one container, each with the engine's own time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agent.collectors.log_files import LONGEST_LINE

if TYPE_CHECKING:
    from docker import DockerClient

_SECOND = 1_000_000_000


def container_lines(
    client: "DockerClient", container: str, *, after: int, follow: bool, tail: int | None = None
) -> Iterator[tuple[int, bytes]]:
    """Lines of stdout and stderr written later than `after` (nanoseconds since 1970), each with its own nanosecond.

    Two lines of one nanosecond get two: the later one counts on. Ends with the container, or, when following, with it
    too.
    """
    stream = client.api.logs(
        container,
        stdout=True,
        stderr=True,
        stream=True,
        follow=follow,
        timestamps=True,
        since=after / _SECOND if after else None,
        tail="all" if tail is None else tail,
    )
    last = after
    for raw in _split(stream):
        stamp, _, line = raw.partition(b" ")
        at = nanoseconds_of(stamp)
        if at is None:
            last, line = last + 1, raw
        elif at <= after:
            continue
        else:
            last = max(last + 1, at)
        yield last, line


def nanoseconds_of(stamp: bytes) -> int | None:
    """The engine's RFC 3339 time, such as `2026-01-01T12:00:00.123456789Z`, in nanoseconds since 1970."""
    whole, _, fraction = stamp.removesuffix(b"Z").partition(b".")
    if not stamp.endswith(b"Z") or (fraction and not fraction.isdigit()):
        return None
    try:
        seconds = datetime.fromisoformat(whole.decode("ascii")).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    return int(seconds) * _SECOND + int(fraction[:9].ljust(9, b"0"))


def moment_at(nanoseconds: int) -> datetime:
    """The time of a line, to the microsecond."""
    seconds, rest = divmod(nanoseconds, _SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def _split(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Whole lines; the engine sends what was written at once, which may be less than a line or more."""
    carry = b""
    for piece in stream:
        parts = (carry + piece).split(b"\n")
        carry = parts.pop()[: LONGEST_LINE * 2]
        yield from parts
    if carry:
        yield carry
