"""A large evidence bundle, made here: the same octets on every machine, and one true cause in it.

Five services write JSON lines as our templates do, one of them klog-like plain text. In the last tenth of the day the
database refuses connections, so one service's errors, its metrics and the cluster's events change.
"""

import csv
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 24 * 60
ONSET = MINUTES * 9 // 10
SERVICES = ("checkout", "catalogue", "payment", "shipping", "gateway")
FAILING = "checkout"
HEADER = """\
version: 1
title: checkout answers with errors
alert: 'checkout: its error rate is over the objective'
alert_at: '{alert}'
window: {{start: '{onset}', end: '{end}'}}
baseline: {{start: '{start}', end: '{onset}'}}
topology: {{edges: [[gateway, checkout], [gateway, catalogue], [checkout, payment], [checkout, shipping]]}}
"""
MESSAGES = (
    "GET /items/{number} 200 in {small} ms",
    "order {number} accepted for customer c{small}, total {small}.50 EUR",
    "cache miss for key item:{number}, loading from database",
    "published event {trace} to topic orders partition {digit} offset {number}",
    "retrying request to http://payment:8080/charge (attempt {digit} of 3)",
    "session {trace} expired",
)
FAILURE = 'could not open connection: FATAL: password authentication failed for user \\"checkout\\"'
LINE = (
    '{{"@timestamp":"{at}","log":{{"level":"{level}","logger":"app.http"}},"message":"{message}",'
    '"service":{{"name":"{service}","version":"1.4.0"}},"trace":{{"id":"{trace}"}}}}\n'
)


def large_bundle(folder: Path, *, lines: int, metrics: int = 200, events: int = 500) -> Path:
    """Writes the bundle below `folder`; gives the folder."""
    dice = random.Random(1)
    (folder / "logs").mkdir(parents=True)
    (folder / "metrics").mkdir()
    (folder / "kubernetes").mkdir()
    stamps = {name: _stamp(minute) for name, minute in (("start", 0), ("onset", ONSET), ("end", MINUTES))}
    (folder / "bundle.yaml").write_text(HEADER.format(**stamps, alert=_stamp(ONSET + 5)))
    for service in SERVICES:
        _write_log(folder / "logs" / f"{service}.jsonl", service, lines // len(SERVICES), dice)
        _write_metrics(folder / "metrics" / f"{service}.csv", service, metrics // len(SERVICES), dice)
    _write_events(folder / "kubernetes" / "events-shop.txt", events, dice)
    return folder


def _stamp(minute: float) -> str:
    return (START + timedelta(minutes=minute)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write_log(path: Path, service: str, lines: int, dice: random.Random) -> None:
    with path.open("w") as file:
        for number in range(lines):
            minute = MINUTES * number / lines
            failing = service == FAILING and minute >= ONSET and number % 3 == 0
            trace = f"{dice.getrandbits(128):032x}"
            said = dice.choice(MESSAGES).format(
                number=number, small=dice.randrange(900), digit=dice.randrange(1, 4), trace=trace[:16]
            )
            level = "error" if failing else dice.choices(("info", "debug", "warn"), (90, 8, 2))[0]
            message = FAILURE if failing else said
            file.write(LINE.format(at=_stamp(minute), level=level, message=message, service=service, trace=trace))


def _write_metrics(path: Path, service: str, metrics: int, dice: random.Random) -> None:
    kinds = ("cpu_usage", "memory_usage", "latency_p95", "error_rate", "request_rate")
    names = [f"{kinds[number % len(kinds)]}_{number // len(kinds)}" for number in range(metrics)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", *names])
        for minute in range(MINUTES):
            shift = 8.0 if service == FAILING and minute >= ONSET else 1.0
            cells = [
                f"{(10 + number) * (shift if name.startswith('error') else 1.0) * dice.uniform(0.95, 1.05):.6g}"
                for number, name in enumerate(names)
            ]
            writer.writerow([int(START.timestamp()) + 60 * minute, *cells])


def _write_events(path: Path, events: int, dice: random.Random) -> None:
    rows = ["LAST SEEN   TYPE      REASON      OBJECT                        MESSAGE"]
    for number in range(events):
        service = SERVICES[number % len(SERVICES)]
        pod = f"pod/{service}-5d98ffcfd-{''.join(dice.choices('bcdfghjklm', k=5))}"
        if service == FAILING and number > events * 9 // 10:
            rows.append(f"{number % 60}m         Warning   Unhealthy   {pod}   Readiness probe failed: statuscode: 503")
        else:
            rows.append(f"{number % 60}m         Normal    Pulled      {pod}   Container image already present")
    path.write_text("\n".join(rows) + "\n")


def small_bundle(folder: Path) -> Path:
    """A case as people meet it: some thousand lines, a dozen metrics, a few events. Gives the folder."""
    return large_bundle(folder, lines=5_000, metrics=15, events=20)


def first_subject(answer: bytes) -> str:
    """The subject of the first finding of `analyze -o json`."""
    findings = json.loads(answer)["findings"]
    return str(findings[0]["subject"]) if findings else ""
