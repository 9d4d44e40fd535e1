"""What a project's services wrote, from Loki."""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.collectors.evidence.bounding import newest
from agent.collectors.evidence.http import HttpError, Server
from agent.collectors.evidence.matching import selector_of, subjects_in
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document

LABELS = ("service_name", "app", "service", "container", "job")
"""Tried in this order."""
PAGE = 5_000
"""Loki's own limit of lines an answer, unless it is configured otherwise."""
_NANO = 1_000_000_000


class Loki:
    """`logs/<service>.log`, by `query_range`, the newest first until the bound is reached.

    `capture` sets another source's lines of the same service apart: `2` gives `logs/<service>.2.log`.
    """

    name = "loki"

    def __init__(
        self, server: Server, names: Sequence[str], *, namespace: str | None = None, capture: str = ""
    ) -> None:
        self._server = server
        self._names = names
        self._namespace = namespace
        self._ending = f"{capture}.log" if capture else "log"

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """Of each service the newest lines where the bound cuts."""
        try:
            label, values = subjects_in(LABELS, self._names, lambda label: self._values(label, window))
            if not label:
                looked = f"no label of {', '.join(LABELS)} names {', '.join(self._names)} in the window"
                return Gathered.of(self.name, (), detail=looked)
            share = Bound(max(1, bound.records // len(values)), max(1, bound.octets // len(values)))
            documents: list[Document] = []
            count, cut = 0, False
            for value, subject in sorted(values.items()):
                lines, short = self._lines(selector_of(label, (value,), self._namespace), window, share)
                count += len(lines)
                cut = cut or short
                if lines:
                    path = path_of("logs", subject, self._ending)
                    documents.append(Document(path, "\n".join(lines) + "\n"))
        except HttpError as error:
            return Gathered.unavailable(self.name, str(error))
        detail = f"{count:,} lines of {len(values)} services"
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut)

    def _values(self, label: str, window: Window) -> Sequence[str]:
        start, end = _ends(window)
        data = self._asked(f"/loki/api/v1/label/{label}/values", {"start": str(start), "end": str(end)})
        return [value for value in data if isinstance(value, str)] if isinstance(data, list) else []

    def _lines(self, selector: str, window: Window, bound: Bound) -> tuple[Sequence[str], bool]:
        """Pages from the newest back; the lines of the nanosecond where a page ends come again, and are left."""
        start, end = _ends(window)
        found: list[tuple[int, str]] = []
        octets = 0
        while len(found) <= bound.records and octets <= bound.octets:
            limit = min(PAGE, bound.records + 1 - len(found) + 1)
            asked = {"query": f"{{{selector}}}", "start": str(start), "end": str(end), "limit": str(limit)}
            page = _entries(self._asked("/loki/api/v1/query_range", {**asked, "direction": "backward"}))
            found += page
            octets += sum(len(line) + 1 for _, line in page)
            if len(page) < limit:
                break
            newest_of, oldest = page[0][0], page[-1][0]
            if oldest <= start:
                break
            if newest_of == oldest:  # more lines in one nanosecond than a page holds
                end = oldest
            else:
                found = [entry for entry in found if entry[0] > oldest]
                end = oldest + 1
        found.sort(key=lambda entry: entry[0])
        return newest([line for _, line in found], bound)

    def _asked(self, path: str, parameters: Mapping[str, str]) -> Any:
        answer = self._server.json(path, parameters)
        if not isinstance(answer, dict) or answer.get("status") != "success":
            raise HttpError(f"{self._server.url} is no Loki, or refuses the question")
        return answer.get("data", [])


def _entries(data: Any) -> list[tuple[int, str]]:
    """Nanoseconds and lines, the newest first; streams are told apart by labels, which do not matter here."""
    result = data.get("result") if isinstance(data, dict) else None
    found: list[tuple[int, str]] = []
    for stream in result if isinstance(result, list) else []:
        for entry in stream.get("values", []) if isinstance(stream, dict) else []:
            try:
                found += [(int(entry[0]), line) for line in str(entry[1]).rstrip("\n").split("\n")]
            except (IndexError, TypeError, ValueError):
                continue
    return sorted(found, key=lambda entry: -entry[0])


def _ends(window: Window) -> tuple[int, int]:
    """Nanoseconds; Loki leaves the end out."""
    return int(window.since.timestamp() * _NANO), int(window.until.timestamp() * _NANO) + 1
