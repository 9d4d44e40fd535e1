"""A bounded set of a project's metrics from Prometheus, one CSV a service."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from agent.collectors.evidence.http import HttpError, Server
from agent.collectors.evidence.matching import selector_of, subjects_in
from agent.collectors.evidence.naming import path_of
from agent.domain import Bound, Window
from agent.domain.gathered import Gathered
from agent.domain.investigation import Document

LABELS = ("service", "app", "job", "container")
"""Tried in this order."""
ROWS = 240
"""Of each table, where the window is long enough; more would be finer than what is scraped."""
SHORTEST_STEP_S = 15

_REQUESTS = "http_server_request_duration_seconds"
QUERIES: Mapping[str, str] = {
    "up": "min by (LABEL) (up{SELECTOR})",
    "requests_per_second": f"sum by (LABEL) (rate({_REQUESTS}_count{{SELECTOR}}[RANGE]))",
    "error_ratio": (
        f'(sum by (LABEL) (rate({_REQUESTS}_count{{SELECTOR,http_response_status_code=~"5.."}}[RANGE]))'
        f" or 0 * sum by (LABEL) (rate({_REQUESTS}_count{{SELECTOR}}[RANGE])))"
        f" / sum by (LABEL) (rate({_REQUESTS}_count{{SELECTOR}}[RANGE]))"
    ),
    "latency_p95_seconds": (
        f"histogram_quantile(0.95, sum by (LABEL, le) (rate({_REQUESTS}_bucket{{SELECTOR}}[RANGE])))"
    ),
    "latency_mean_seconds": (
        f"sum by (LABEL) (rate({_REQUESTS}_sum{{SELECTOR}}[RANGE]))"
        f" / sum by (LABEL) (rate({_REQUESTS}_count{{SELECTOR}}[RANGE]))"
    ),
    "cpu_cores": (
        "sum by (LABEL) (rate(process_cpu_seconds_total{SELECTOR}[RANGE]))"
        " or sum by (LABEL) (rate(process_cpu_time_seconds_total{SELECTOR}[RANGE]))"
        " or sum by (LABEL) (rate(container_cpu_usage_seconds_total{SELECTOR}[RANGE]))"
    ),
    "memory_bytes": (
        "sum by (LABEL) (process_resident_memory_bytes{SELECTOR})"
        " or sum by (LABEL) (process_memory_usage_bytes{SELECTOR})"
        " or sum by (LABEL) (container_memory_working_set_bytes{SELECTOR})"
    ),
    "jvm_heap_bytes": 'sum by (LABEL) (jvm_memory_used_bytes{SELECTOR,jvm_memory_type="heap"})',
    "open_files": "sum by (LABEL) (process_open_fds{SELECTOR})",
    "kafka_consumer_lag": "sum by (LABEL) (kafka_consumer_lag{SELECTOR})",
    "restarts": "sum by (LABEL) (kube_pod_container_status_restarts_total{SELECTOR})",
}
"""Column -> expression; a metric that is not there gives no column."""


class Prometheus:
    """`metrics/<service>.csv`, by `query_range`. `names` are the services, as some label of theirs has them."""

    name = "prometheus"

    def __init__(self, server: Server, names: Sequence[str], *, namespace: str | None = None) -> None:
        self._server = server
        self._names = names
        self._namespace = namespace

    def gather(self, window: Window, bound: Bound) -> Gathered:
        """One row a step; the newest rows where the bound cuts."""
        try:
            label, values = subjects_in(LABELS, self._names, lambda label: self._values(label, window))
            if not label:
                looked = f"no label of {', '.join(LABELS)} names {', '.join(self._names)} in the window"
                return Gathered.of(self.name, (), detail=looked)
            tables = self._tables(label, values, window)
        except HttpError as error:
            return Gathered.unavailable(self.name, str(error))
        share = Bound(bound.records, max(1, bound.octets // max(1, len(tables))))
        documents: list[Document] = []
        cut, series = False, 0
        for subject, columns in sorted(tables.items()):
            text, short = _csv(columns, share)
            cut = cut or short
            series += len(columns)
            if text:
                documents.append(Document(path_of("metrics", subject, "csv"), text))
        detail = f"{series} series of {len(tables)} services"
        return Gathered.of(self.name, tuple(documents), detail=detail, truncated=cut)

    def _values(self, label: str, window: Window) -> Sequence[str]:
        data = self._asked(f"/api/v1/label/{label}/values", {"start": _unix(window.since), "end": _unix(window.until)})
        return [value for value in data if isinstance(value, str)] if isinstance(data, list) else []

    def _tables(self, label: str, values: Mapping[str, str], window: Window) -> dict[str, dict[str, dict[float, str]]]:
        """Service -> column -> time -> value."""
        seconds = (window.until - window.since).total_seconds()
        step = max(SHORTEST_STEP_S, round(seconds / ROWS))
        start = window.until.timestamp() - seconds // step * step  # so that the last row is the newest
        selector = selector_of(label, tuple(values), self._namespace)
        tables: dict[str, dict[str, dict[float, str]]] = {}
        for column, query in QUERIES.items():
            asked = (
                query.replace("LABEL", label).replace("SELECTOR", selector).replace("RANGE", f"{max(60, 4 * step)}s")
            )
            parameters = {"query": asked, "start": f"{start:.3f}", "end": _unix(window.until), "step": f"{step}s"}
            for subject, points in _series(self._asked("/api/v1/query_range", parameters), label):
                if subject in values and points:
                    tables.setdefault(values[subject], {}).setdefault(column, {}).update(points)
        return tables

    def _asked(self, path: str, parameters: Mapping[str, str]) -> Any:
        answer = self._server.json(path, parameters)
        if not isinstance(answer, dict) or answer.get("status") != "success":
            raise HttpError(f"{self._server.url} is no Prometheus, or refuses the question")
        return answer.get("data")


def _series(data: Any, label: str) -> list[tuple[str, dict[float, str]]]:
    result = data.get("result") if isinstance(data, dict) else None
    found: list[tuple[str, dict[float, str]]] = []
    for one in result if isinstance(result, list) else []:
        try:
            points = {float(at): _short(value) for at, value in one["values"] if value not in ("NaN", "+Inf", "-Inf")}
            found.append((str(one["metric"][label]), points))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _csv(columns: Mapping[str, Mapping[float, str]], bound: Bound) -> tuple[str, bool]:
    """The table, and whether rows were left out."""
    head = ",".join(("time", *columns))
    times = sorted({at for points in columns.values() for at in points})
    kept: list[str] = []
    left = bound.octets - len(head) - 1
    for at in reversed(times[-bound.records :]):
        row = ",".join((f"{at:.10g}", *(points.get(at, "") for points in columns.values())))
        left -= len(row) + 1
        if left < 0:
            break
        kept.append(row)
    text = "\n".join((head, *reversed(kept))) + "\n" if kept else ""
    return text, len(kept) < len(times)


def _short(value: str) -> str:
    return f"{float(value):.7g}"


def _unix(at: datetime) -> str:
    return f"{at.timestamp():.3f}"
