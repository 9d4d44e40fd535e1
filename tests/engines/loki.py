"""Writing to the Loki that tests/engines/loki.sh started."""

from collections.abc import Mapping
from datetime import datetime

import httpx


def push(url: str, service: str, lines: Mapping[datetime, str]) -> None:
    """Write these lines as the stream of a service; they can be read when this returns."""
    values = [[str(int(at.timestamp() * 1_000_000_000)), line] for at, line in sorted(lines.items())]
    body = {"streams": [{"stream": {"app": service}, "values": values}]}
    httpx.post(f"{url}/loki/api/v1/push", json=body, trust_env=False, timeout=10).raise_for_status()
