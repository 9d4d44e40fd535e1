"""Clocks that do not fit each other are said, and by how much; a service that died early is none."""

from datetime import UTC, datetime, timedelta

from agent.domain.investigation import Investigation, LogFile
from agent.domain.telemetry import Span
from agent.rca.clocks import clock_gaps

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def log(subject: str, *, shift: float = 0.0, minutes: int = 60) -> LogFile:
    begins = START + timedelta(hours=shift)
    lines = tuple(f"{(begins + timedelta(minutes=m)).isoformat()} INFO ready" for m in range(minutes))
    return LogFile(subject, f"logs/{subject}.log", lines)


def span(number: int, service: str, parent: str | None, start: float, duration: float) -> Span:
    name = f"{service}{number}"
    return Span(
        trace_id="t",
        span_id=name,
        parent_id=parent and f"{parent}{number}",
        service=service,
        operation="o",
        start=start,
        duration_ms=duration,
    )


def gaps_of(*logs: LogFile, spans: tuple[Span, ...] = ()) -> tuple[str, ...]:
    return clock_gaps(Investigation(title="t", alert="a", alert_at=START, logs=logs, spans=spans))


def test_another_time_zone_is_said_with_its_hours() -> None:
    assert gaps_of(log("a"), log("b"), log("c"), log("d", shift=-5.5)) == (
        "logs/d.log seems to be written in another time zone: its times are -5.5 h from those of the other logs",
    )


def test_a_service_that_died_early_has_no_other_clock() -> None:
    assert gaps_of(log("a"), log("b"), log("c"), log("d", minutes=30)) == ()


def test_a_clock_in_the_future_is_said() -> None:
    (said,) = gaps_of(log("a"), log("b"), log("c", shift=24 * 365))
    assert said.startswith("logs/c.log ends at 2027-01-01")


def test_spans_outside_of_their_callers_show_the_skew() -> None:
    calls = [span(n, "web", None, 1000.0 + n, 100) for n in range(9)]
    inside = [span(n, "db", "web", 1000.02 + n, 60) for n in range(9)]
    early = [span(n, "mail", "web", 990.02 + n, 60) for n in range(9)]
    assert gaps_of(spans=(*calls, *inside)) == ()
    assert gaps_of(spans=(*calls, *inside, *early)) == (
        "the clock of mail is 10 s behind its callers', by their spans",
    )
