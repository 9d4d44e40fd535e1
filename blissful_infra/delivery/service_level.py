"""What requests met in a namespace over a time, asked of Prometheus."""

import math

from agent.collectors.evidence.http import HttpError, Server
from blissful_infra.delivery.gates import Service

REQUESTS = "http_server_request_duration_seconds"
OWN = 'http_route!~"/(health|ready|version|metrics).*"'
"""What the cluster asks itself says nothing about people's requests."""
SHORTEST_S, LONGEST_S = 60, 7 * 86_400


def service_level(url: str, namespace: str, over_s: float) -> Service:
    """The 95th percentile and the share of failures; nothing is guessed where Prometheus does not tell."""
    server = Server("prometheus", url)
    window = f"[{int(min(max(over_s, SHORTEST_S), LONGEST_S))}s]"
    chosen = f'namespace="{namespace}",{OWN}'
    total = f"sum(increase({REQUESTS}_count{{{chosen}}}{window}))"
    failed = f'sum(increase({REQUESTS}_count{{{chosen},http_response_status_code=~"5.."}}{window}))'
    try:
        asked = _value(server, total)
        if not asked:
            return Service(problem=f"no requests in {namespace} in that time")
        p95 = _value(server, f"histogram_quantile(0.95, sum by (le) (increase({REQUESTS}_bucket{{{chosen}}}{window})))")
        errors = (_value(server, failed) or 0.0) / asked
    except HttpError as error:
        return Service(problem=str(error))
    return Service(None if p95 is None else p95 * 1000, errors)


def _value(server: Server, query: str) -> float | None:
    """The one number that a query gives, or None. Raises HttpError."""
    try:
        found = server.json("/api/v1/query", {"query": query})["data"]["result"]
        value = float(found[0]["value"][1]) if found else math.nan
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise HttpError(f"{server.url} answers with something else than a number") from error
    return value if math.isfinite(value) else None
