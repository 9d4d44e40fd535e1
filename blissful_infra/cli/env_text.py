"""Previews as tables for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from blissful_infra.cli.durations import uptime
from blissful_infra.cli.output import print_table, say

if TYPE_CHECKING:
    from blissful_infra.delivery.previews.reaping import Reaped
    from blissful_infra.delivery.previews.survey import PreviewStatus

STYLES = {
    "healthy": "green",
    "progressing": "yellow",
    "degraded": "red",
    "unreachable": "red",
    "absent": "dim",
    "failed": "red",
    "reaped": "yellow",
    "due": "yellow",
    "over": "yellow",
}


def print_previews(previews: "Sequence[PreviewStatus]") -> None:
    """The table of `env list`, and below it why a preview is not well."""
    rows = [
        [
            each.name,
            each.branch if each.branch is not None else f"#{each.pr}",
            each.owner,
            each.health.value,
            (each.revision or "-")[:12],
            uptime(each.age_s),
            "kept" if each.keep else time_left(each.ttl_left_s),
            each.url or "-",
        ]
        for each in previews
    ]
    print_table(["PREVIEW", "OF", "OWNER", "HEALTH", "REVISION", "AGE", "TTL LEFT", "URL"], rows, STYLES)
    for each in previews:
        if each.detail:
            say(f"{each.name}: {each.detail}")


def print_reaped(reaped: "Sequence[Reaped]") -> None:
    """The table of `env reap`."""
    rows = [[each.name, each.fate.value, time_left(each.ttl_left_s), each.detail] for each in reaped]
    print_table(["PREVIEW", "FATE", "TTL LEFT", "WHY"], rows, STYLES)


def time_left(seconds: float) -> str:
    """How long it stays.

    >>> time_left(3725), time_left(-1)
    ('1h 2m', 'over')
    """
    return "over" if seconds <= 0 else uptime(seconds)
