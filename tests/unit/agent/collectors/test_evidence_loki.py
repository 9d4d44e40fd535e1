"""Paging through Loki's answers: whatever the limit and however lines share a nanosecond, none is lost or doubled."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.collectors.evidence import loki
from agent.collectors.evidence.http import Server
from agent.collectors.evidence.loki import Loki
from agent.domain import Bound, Window

START = datetime(2026, 1, 1, tzinfo=UTC)
NANO = 1_000_000_000
WINDOW = Window(START, START + timedelta(seconds=100))


class Answers(Server):
    """Loki's query_range over these lines, in this process: `limit`, `direction=backward`, the end left out."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        super().__init__("loki", "http://localhost")
        self._lines = lines

    def json(self, path: str, parameters: Any = None, *, most: int = 0) -> Any:
        asked = dict(parameters)
        start, end = int(asked["start"]), int(asked["end"])
        inside = [(at, line) for at, line in self._lines if start <= at < end]
        if "/label/" in path:
            return {"status": "success", "data": ["app"] if "/app/" in path and inside else []}
        assert asked["query"] == '{app=~"app"}'
        page = sorted(inside, key=lambda entry: -entry[0])[: int(asked["limit"])]
        values = [[str(at), line] for at, line in page]
        return {"status": "success", "data": {"resultType": "streams", "result": [{"stream": {}, "values": values}]}}


@settings(max_examples=60)
@given(st.lists(st.integers(0, 99), max_size=40), st.integers(2, 7), st.integers(1, 60))
def test_every_page_continues_the_one_before(seconds: list[int], page: int, records: int) -> None:
    crowded = max((seconds.count(second) for second in seconds), default=0)
    lines = [(int(START.timestamp() + second) * NANO, f"l{n}") for n, second in enumerate(sorted(seconds))]
    before, loki.PAGE = loki.PAGE, max(page, crowded + 1)
    try:
        found = Loki(Answers(lines), ["app"]).gather(WINDOW, Bound(records=records))
    finally:
        loki.PAGE = before
    got = found.documents[0].text.splitlines() if found.documents else []
    assert len(got) == min(records, len(lines)) == len(set(got))
    newest_left_out = lines[len(lines) - len(got) - 1][0] if len(got) < len(lines) else 0
    kept = {line: at for at, line in lines}
    assert all(kept[line] >= newest_left_out for line in got)
    assert found.truncated == (records < len(lines))
