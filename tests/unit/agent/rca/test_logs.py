"""What logs say anew, whom they say it of, and the line of code."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.collectors.bundle import read_bundle
from agent.domain.claim import Claim
from agent.rca.logs import claims_of_logs
from agent.rca.logs.frames import frame_in, is_frame
from tests.unit.agent.rca.bundles import ONSET_ROW, ROWS, START, STEP, a_bundle, at

TRACE = [
    "java.lang.IllegalStateException: no price",
    "\tat java.base/java.util.Objects.check(Objects.java:10)",
    "\tat org.springframework.web.Servlet.run(Servlet.java:11)",
    "\tat com.acme.pricing.Pricing.of(Pricing.kt:47)",
    "\tat com.acme.pricing.Api.get(Api.kt:12)",
]


def a_log(since: list[str], always: str = "INFO request handled") -> str:
    lines = []
    for row in range(ROWS):
        stamp = datetime.fromtimestamp(START + STEP * row, UTC).isoformat()
        lines.append(f"{stamp} {always} id={row}")
        if row >= ONSET_ROW:
            lines += [f"{stamp} {since[0]} id={row}", *since[1:]] if since else []
    return "\n".join(lines) + "\n"


def claims_in(folder: Path, **logs: str) -> tuple[Claim, ...]:
    files = {f"logs/{name}.log": text for name, text in logs.items()}
    return claims_of_logs(read_bundle(a_bundle(folder, f"window: {{onset: '{at(ONSET_ROW)}'}}\n", files)))


def test_a_new_stack_trace_names_the_component_and_its_own_line_of_code(tmp_path: Path) -> None:
    claim = claims_in(tmp_path, pricing=a_log(["ERROR request failed", *TRACE]), shop=a_log([]))[0]
    assert (claim.subject, claim.rule, claim.files) == ("pricing", "new-stack-trace", ("Pricing.kt:47",))
    assert "fails in Pricing.kt:47 with IllegalStateException: no price" in claim.cause
    assert "never before" in claim.cause


def test_a_complaint_of_another_component_is_held_against_that_one(tmp_path: Path) -> None:
    complaint = a_log(["ERROR call to http://stock:8080/items failed: 500"])
    claims = claims_in(tmp_path, shop=complaint, cart=complaint, stock=a_log([]))
    assert (claims[0].subject, claims[0].rule) == ("stock", "complained-of")


def test_what_was_always_there_is_not_news(tmp_path: Path) -> None:
    assert claims_in(tmp_path, shop=a_log([], always="ERROR heartbeat failed, will retry")) == ()


def test_a_log_without_times_and_a_bundle_without_onset_are_silent(tmp_path: Path) -> None:
    assert claims_in(tmp_path, shop="ERROR it failed\n" * 20) == ()
    folder = a_bundle(tmp_path / "b", "", {"logs/shop.log": a_log(["ERROR broken"])})
    assert claims_of_logs(read_bundle(folder)) == ()


@pytest.mark.parametrize(
    ("lines", "frame"),
    [
        (TRACE, "Pricing.kt:47"),
        (['  File "/x/site-packages/x.py", line 3, in y', '  File "/app/shop.py", line 47, in pay'], "shop.py:47"),
        (["Error: no", "    at pay (/app/src/shop.js:47:9)", "    at node:internal/x.js:1:1"], "shop.js:47"),
        (["main.(*Shop).Pay(0xc0)", "\t/src/shop/main.go:47 +0x1d"], "main.go:47"),
        (["   at Acme.Shop.Pay() in /src/Shop.cs:line 47"], "Shop.cs:47"),
        (["from shop.rb:47:in `pay'"], "shop.rb:47"),
    ],
)  # fmt: skip
def test_the_own_frame_nearest_to_the_error_is_named(lines: list[str], frame: str) -> None:
    found = frame_in(lines)
    assert found is not None
    assert found[0] == frame


def test_text_without_a_frame_has_none() -> None:
    assert frame_in(["at the office", "line 7"]) is None
    assert not is_frame("at the office")
    assert is_frame(TRACE[3])
