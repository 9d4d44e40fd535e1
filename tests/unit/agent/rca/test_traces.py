"""What the traces line makes of spans."""

import json
from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.domain.claim import Claim
from agent.domain.telemetry import Span
from agent.rca.traces import claims_of_traces
from agent.rca.traces.own_work import failed
from tests.unit.agent.rca.bundles import ONSET_ROW, START, STEP, a_bundle, at


def spans(*, slow: str = "nobody", failing: str = "nobody", extra_ms: float = 300) -> str:
    """A request a minute, shop -> cart -> db; from onset on one of them is slow, or fails and its callers with it."""
    lines = []
    chain = ("shop", "cart", "db")
    for row in range(60):
        after = row >= ONSET_ROW
        for place, service in enumerate(chain):
            below = chain[place:]
            took = 30.0 * len(below) + row % 3 + (extra_ms if after and slow in below else 0)
            erred = after and failing in below
            lines.append(
                {"trace_id": f"t{row:04}", "span_id": f"s{place}", "parent_id": f"s{place - 1}" if place else None,
                 "service": service, "operation": "call", "start": START + STEP * row, "duration_ms": took,
                 "status": "ERROR" if erred else "OK"}
            )  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)


def claims_in(folder: Path, text: str) -> tuple[Claim, ...]:
    header = f"window: {{onset: '{at(ONSET_ROW)}'}}\n"
    return claims_of_traces(read_bundle(a_bundle(folder, header, {"traces/spans.jsonl": text})))


def test_the_component_that_is_slow_by_itself_is_named_and_its_callers_are_not(tmp_path: Path) -> None:
    claims = claims_in(tmp_path, spans(slow="cart"))
    assert [(claim.subject, claim.category) for claim in claims] == [("cart", "added-latency")]


def test_errors_are_blamed_on_where_they_begin(tmp_path: Path) -> None:
    claims = claims_in(tmp_path, spans(failing="db"))
    assert [(claim.subject, claim.category) for claim in claims] == [("db", "request-errors")]


def test_the_quote_is_the_spans_line(tmp_path: Path) -> None:
    text = spans(failing="db")
    (claim,) = claims_in(tmp_path, text)
    assert claim.evidence[0].text in text.splitlines()
    assert json.loads(claim.evidence[0].text)["service"] == "db"


def test_steady_traces_claim_nothing(tmp_path: Path) -> None:
    assert claims_in(tmp_path, spans()) == ()
    assert claims_in(tmp_path / "none", "") == ()


def test_spans_that_are_their_own_parents_end(tmp_path: Path) -> None:
    line = {"trace_id": "t", "span_id": "a", "parent_id": "a", "service": "x", "start": 1, "duration_ms": 1}
    assert claims_in(tmp_path, json.dumps(line)) == ()


@pytest.mark.parametrize(
    ("status", "wrong"),
    [
        *((status, False) for status in ("", "OK", "Unset", "200", "404", "0")),
        *((status, True) for status in ("ERROR", "STATUS_CODE_ERROR", "503", "14", "²")),
    ],
)
def test_the_status_tells_a_failure(status: str, wrong: bool) -> None:
    span = Span(
        trace_id="t", span_id="s", parent_id=None, service="a", operation="", start=0, duration_ms=1, status=status
    )
    assert failed(span) is wrong


def test_time_lost_on_the_way_is_held_against_the_end_that_shows_it_on_all_its_calls(tmp_path: Path) -> None:
    lines = []
    for row in range(60):
        late = 200.0 if row >= ONSET_ROW else 0.0
        spans = [("root", None, "shop", "/shop/Get", 400.0 + late), ("other", "root", "shop", "/stock/Get", 20.0),
                 ("stock", "other", "stock", "/stock/Get", 19.0), ("call", "root", "shop", "/cart/Get", 30.0 + late),
                 ("cart", "call", "cart", "/cart/Get", 29.0)]  # fmt: skip
        lines += [
            {"trace_id": f"t{row:04}", "span_id": own, "parent_id": parent, "service": service, "operation": operation,
             "start": START + STEP * row, "duration_ms": took + row % 3, "status": ""}
            for own, parent, service, operation, took in spans
        ]  # fmt: skip
    claims = claims_in(tmp_path, "".join(json.dumps(line) + "\n" for line in lines))
    assert (claims[0].subject, claims[0].rule) == ("cart", "on-the-way")
    assert claims[0].strength > claims[1].strength
