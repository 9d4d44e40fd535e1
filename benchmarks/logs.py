"""How long `logs` takes to filter a million JSON lines, against a bare orjson loop over the same lines."""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.rows import Row, alternating, plain_environment, seconds_of

LINES = 1_000_000
PROJECT = """\
name: bench
template: fastapi
services:
  app: {path: ., port: 18080, run: python -m app}
backing: {postgres: false, kafka: false, redis: false}
"""
LINE = (
    '{{"@timestamp":"2026-01-01T{hour:02}:{minute:02}:{second:02}.{milli:03}Z","log":{{"level":"{level}",'
    '"logger":"app.http"}},"message":"GET /hello/name{name} 200","service":{{"name":"bench","version":"0.1.0"}},'
    '"trace":{{"id":"{trace:032x}"}},"http":{{"request":{{"method":"GET"}},"response":{{"status_code":200}}}},'
    '"url":{{"path":"/hello/name{name}"}},"event":{{"duration":{duration}}}}}\n'
)
LOOP = """
import orjson, sys
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        document = orjson.loads(line)
        if document["log"]["level"] in ("error", "fatal"):
            sys.stdout.write(document["message"] + "\\n")
"""
MEASURED = """
import resource, sys
from blissful_infra.cli import run
code = run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def measure() -> Row:
    env = plain_environment()
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        log = _write_project(here)
        ours, peer, ratio = alternating(
            lambda: seconds_of(["blissful-infra", "logs", "app", "--level", "error"], cwd=here, env=env),
            lambda: seconds_of([sys.executable, "-c", LOOP, str(log)], cwd=here, env=env),
            runs=5,
        )
        peak = _peak_megabytes(here, env)
        note = f"peak memory {peak:.0f} MB for {log.stat().st_size / 1e6:.0f} MB of log; one line in a hundred is shown"
    return Row("logs --level error, 1,000,000 lines", ours, "orjson loop", peer, ratio, reach=2.5, note=note)


def _write_project(folder: Path) -> Path:
    (folder / "blissful-infra.yaml").write_text(PROJECT)
    log = folder / ".blissful" / "logs" / "app.log"
    log.parent.mkdir(parents=True)
    chance = random.Random(1)
    with log.open("w") as file:
        for number in range(LINES):
            minutes, millis = divmod(number * 80, 60_000)
            file.write(
                LINE.format(
                    hour=minutes // 60,
                    minute=minutes % 60,
                    second=millis // 1000,
                    milli=millis % 1000,
                    level=chance.choices(("info", "debug", "warn", "error"), (90, 6, 3, 1))[0],
                    name=number % 100,
                    trace=chance.getrandbits(128),
                    duration=chance.randrange(10_000_000),
                )
            )
    return log


def _peak_megabytes(folder: Path, env: dict[str, str]) -> float:
    command = [sys.executable, "-c", MEASURED, "logs", "app", "--level", "error"]
    done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(done.stderr.split()[-1]) / (1e6 if os.uname().sysname == "Darwin" else 1e3)
