"""What was gathered, source by source: as text for people and as data."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from agent.domain.collected import CollectedStatus
from agent.domain.gathered import Gathered
from agent.normalize.neutral import neutral

_TITLES = {
    "git": "Git commits",
    "runs": "Playbook runs",
    "stack": "Stack state",
    "logs": "Application logs",
    "prometheus": "Prometheus metrics",
    "loki": "Loki logs",
    "kubernetes": "Kubernetes objects, events and logs",
    "argocd": "Argo CD application",
    "jenkins": "Jenkins builds",
    "chaos-mesh": "Chaos Mesh experiments",
}
_MARKS = {
    CollectedStatus.OK: ("✓", "green"),
    CollectedStatus.EMPTY: ("-", None),
    CollectedStatus.UNAVAILABLE: ("✗", "yellow"),
}


def lines_of_gathered(gathered: Sequence[Gathered]) -> Iterator[str]:
    """A heading and one line a source, those that could not be reached with the reason."""
    yield "Correlating data sources:"
    for one in gathered:
        mark, colour = _MARKS[one.status]
        cut = ", cut to the newest" if one.truncated else ""
        what = "not seen: " if one.status is CollectedStatus.UNAVAILABLE else ""
        title = _TITLES.get(one.source, one.source)
        yield f"  {click.style(mark, fg=colour)} {title} ({what}{neutral(one.detail)}{cut})"


def shape_of_gathered(gathered: Sequence[Gathered]) -> list[dict[str, Any]]:
    """One object a source."""
    return [
        {
            "source": one.source,
            "status": one.status.value,
            "detail": one.detail,
            "truncated": one.truncated,
            "files": [document.path for document in one.documents],
        }
        for one in gathered
    ]
