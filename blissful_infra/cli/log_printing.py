"""From a project's log feeds to stdout, at the speed of the pipe, once or without end."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo

from agent.collectors.log_feeds import LogFeed
from agent.collectors.log_following import followed
from agent.collectors.log_history import history_of
from agent.normalize.log_event import LogEntry
from agent.normalize.log_filter import LogFilter
from blissful_infra.cli.log_sources import feed_of, sources_of
from blissful_infra.cli.log_text import LogText, json_of
from blissful_infra.cli.output import say
from blissful_infra.cli.terminal import current_terminal
from blissful_infra.settings.model import Environment
from blissful_infra.stacks.planning import Project


def print_logs(
    project: Project, services: Sequence[str], keep: LogFilter, *, tail: int | None, follow: bool, as_json: bool
) -> None:
    """Print the wanted entries of these services; with `follow`, until the caller is interrupted."""
    sources = sources_of(project, services)
    feeds = [feed_of(source, _here(), since=keep.since) for source in sources]
    print_feeds(feeds, keep, _nothing, tail=tail, follow=follow, as_json=as_json)


def print_logs_of(
    environment: Environment, services: Sequence[str], keep: LogFilter, *, tail: int | None, follow: bool, as_json: bool
) -> None:
    """The same of an environment's pods."""
    from blissful_infra.delivery.kubernetes.pod_logs import pod_feeds  # a cluster's client is slow to load

    feeds = pod_feeds(environment, services, since=keep.since)
    print_feeds(feeds, keep, _nothing_of_pods, tail=tail, follow=follow, as_json=as_json)


def print_feeds(
    feeds: Sequence[LogFeed],
    keep: LogFilter,
    nothing: Callable[[Sequence[LogFeed], LogFilter], str],
    *,
    tail: int | None,
    follow: bool,
    as_json: bool,
) -> None:
    """Print the wanted entries of these feeds, and close them; `nothing` says why there are none."""
    zone = _here()
    text = LogText((feed.service for feed in feeds), zone=zone, colour=current_terminal().colour_out)

    def shape(entry: LogEntry) -> bytes:
        return json_of(entry) if as_json else text.of(entry).encode("utf-8", "backslashreplace")

    try:
        if not _write(shape, history_of(feeds, keep, tail=tail, unfinished=not follow)):
            say(nothing(feeds, keep))
        if follow:
            _write(shape, followed(feeds, keep), flushing=True)
    finally:
        for feed in feeds:
            feed.close()


def _here() -> tzinfo:
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    return zone


def _nothing_of_pods(feeds: Sequence[LogFeed], keep: LogFilter) -> str:
    if not feeds:
        return "No logs: no container runs there. `blissful-infra deploy --env ...` brings some."
    names = ", ".join(feed.service for feed in feeds)
    return f"No log entry of {names} " + ("matches." if keep != LogFilter() else "was found.")


def _write(shape: Callable[[LogEntry], bytes], entries: Iterable[LogEntry], *, flushing: bool = False) -> int:
    """Write every entry to stdout; how many there were."""
    out = sys.stdout.buffer
    count = 0
    for entry in entries:
        count += 1
        out.write(shape(entry) + b"\n")
        if flushing:
            out.flush()
    out.flush()
    return count


def _nothing(feeds: Sequence[LogFeed], keep: LogFilter) -> str:
    names = ", ".join(feed.service for feed in feeds)
    if not feeds:
        return "No logs: the stack has no containers. Start it with `blissful-infra up`."
    if not any(feed.size() != 0 for feed in feeds):
        return f"No logs yet of {names}. Start the stack with `blissful-infra up`."
    return f"No log entry of {names} " + ("matches." if keep != LogFilter() else "was found.")
