"""How long `analyze` takes over a million log lines, 200 metrics of a day and 500 events, and on a usual case.

The peer is a bare orjson loop over the same lines. Growth is the time of a million lines over that of half a million,
both less the time without lines: 2 is linear. Every run's answer is checked: a wrong one is no result.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.analyze_corpus import FAILING, first_subject, large_bundle, small_bundle
from benchmarks.rows import Row, alternating, plain_environment, seconds_of

LINES = 1_000_000
RUNS = 3
MOST_MEGABYTES = 1024
MOST_GROWTH = 2.2
LOOP = """
import glob, orjson, sys
for path in sorted(glob.glob(sys.argv[1] + "/logs/*")):
    with open(path, "rb") as lines:
        for line in lines:
            document = orjson.loads(line)
            if document["log"]["level"] in ("error", "fatal"):
                document["message"]
"""
MEASURED = """
import resource, sys
from blissful_infra.cli import run
code = run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
START = "import agent.diagnosing as wiring; wiring.shipped_patterns(); wiring.shipped_calibration()"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        return [*_large(here), *_usual(here)]


def _large(here: Path) -> list[Row]:
    env = plain_environment()
    whole = large_bundle(here / "whole", lines=LINES)
    half = large_bundle(here / "half", lines=LINES // 2)
    none = large_bundle(here / "none", lines=0)
    ours, peer, ratio = alternating(
        lambda: seconds_of(_command(whole), env=env),
        lambda: seconds_of([sys.executable, "-c", LOOP, str(whole)], env=env),
        runs=RUNS,
        warm_up=0,
    )
    octets = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    what = f"analyze, {LINES:,} log lines + 200 metrics x 1 day + 500 events"
    peak = _peak_megabytes(whole, env)
    note = f"peak memory {peak:.0f} MB for {octets / 1e6:.0f} MB of evidence"
    fixed = seconds_of(_command(none), env=env)
    growth = (ours - fixed) / max(seconds_of(_command(half), env=env) - fixed, 1e-3)
    return [
        Row(what, ours, "orjson loop", peer, ratio, reach=8, reach_seconds=30, note=note),
        Row("  its peak memory, of 1 GiB", ratio=peak / MOST_MEGABYTES, reach=1.0),
        Row("  its growth from half the lines, 2 is linear", ratio=growth, reach=MOST_GROWTH),
    ]


def _usual(here: Path) -> list[Row]:
    env = plain_environment()
    usual = small_bundle(here / "usual")
    _checked(usual, env)
    ours, peer, ratio = alternating(
        lambda: seconds_of(_command(usual), env=env),
        lambda: seconds_of([sys.executable, "-c", START], env=env),
        runs=5,
    )
    return [
        Row("analyze, a usual case", ours, "its start", peer, ratio, reach_seconds=2.0),
        Row("analyze, its start: imports, patterns, calibration", peer, reach_seconds=0.5),
    ]


def _command(bundle: Path) -> list[str]:
    return ["blissful-infra", "analyze", "--bundle", str(bundle), "-o", "json"]


def _checked(bundle: Path, env: dict[str, str]) -> None:
    done = subprocess.run(_command(bundle), env=env, capture_output=True, check=True)
    if first_subject(done.stdout) != FAILING:
        raise RuntimeError(f"{FAILING} should be the first subject: {done.stdout.decode()[:2000]}")


def _peak_megabytes(bundle: Path, env: dict[str, str]) -> float:
    argv = [sys.executable, "-c", MEASURED, *_command(bundle)[1:]]
    done = subprocess.run(argv, env=env, capture_output=True, check=True)
    if first_subject(done.stdout) != FAILING:
        raise RuntimeError(f"{FAILING} should be the first subject: {done.stdout.decode()[:2000]}")
    return int(done.stderr.split()[-1]) / (1e6 if os.uname().sysname == "Darwin" else 1e3)
