"""Log lines of a world: chatter, the complaints of callers, and the stack traces of code at fault."""

import random
from datetime import UTC, datetime

from benchmarks.synthetic.faults import CODE, Fault
from benchmarks.synthetic.world import World

CHATTER = (
    "INFO request handled id={n} in {m} ms",
    "INFO cache refreshed, {m} entries",
    "DEBUG connection pool: active={m} idle=3",
    "INFO user {n} listed {m} items",
    "WARN slow response of upstream, {m} ms",
    "ERROR failed to send heartbeat {n}, will retry",
)
JAVA = (
    "ERROR {name} request {n} failed",
    'java.lang.NullPointerException: Cannot invoke "String.length()" because "value" is null',
    "\tat com.acme.{word}.{type}Service.handle({type}Service.java:{line})",
    "\tat com.acme.{word}.{type}Controller.get({type}Controller.java:44)",
)
PYTHON = (
    "ERROR Exception in request {n}",
    "Traceback (most recent call last):",
    '  File "/app/{word}/handlers.py", line {line}, in handle',
    "    return items[key]",
    "KeyError: 'price'",
)
GO = (
    "panic: runtime error: index out of range [{m}] with length 3",
    "goroutine 88 [running]:",
    "main.(*{type}).Handle(0xc000, 0x1)",
    "\t/src/{word}/main.go:{line} +0x1d",
)
CALLER = (
    "ERROR rpc to {culprit} failed: code = Internal desc = upstream error id={n}",
    "WARN call to http://{culprit}:8080/do returned 500 for request {n}",
)
SLOW_CALLER = (
    "WARN call to {culprit} took {m} ms",
    "ERROR timeout calling {culprit}: context deadline exceeded after {m} ms",
)


def log_of(
    world: World, fault: Fault, name: str, chance: random.Random, start: int, step: int, rows: int, onset: int
) -> str:
    """One service's file."""
    told = chance.sample(CHATTER, 3)
    stack = chance.choice((JAVA, PYTHON, GO)) if name == fault.culprit else ()
    code = fault.kind in CODE and fault.kind != "slow-code"
    calls = fault.culprit in world.services[name].calls
    effect = fault.effects[fault.culprit]
    wait = effect.own_ms_add + effect.net_ms
    noisy = chance.choice(SLOW_CALLER if not code else CALLER)
    word = name.replace("-", "")
    lines: list[str] = []
    for row in range(rows):
        on = row >= onset
        stamp = datetime.fromtimestamp(start + step * row, UTC).isoformat().replace("+00:00", "Z")
        values = {
            "n": chance.randrange(10**6), "m": chance.randrange(3, 400), "name": name, "culprit": fault.culprit,
            "word": word, "type": word.capitalize(), "line": 87,
        }  # fmt: skip
        for _ in range(chance.choice((0, 1, 1, 2))):
            text = chance.choice(told)
            if "heartbeat" not in text or chance.random() < 0.1:
                lines.append(f"{stamp} {text.format(**values)}")
        if on and code and stack and chance.random() < effect.error_share:
            lines.append(f"{stamp} {stack[0].format(**values)}")
            lines += [line.format(**values) for line in stack[1:]]
        if on and calls and ((code and chance.random() < effect.error_share) or (wait > 100 and chance.random() < 0.3)):
            lines.append(f"{stamp} {noisy.format(**values)}")
    return "\n".join(lines) + "\n"
