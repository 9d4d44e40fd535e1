"""One row of the benchmark table, and how two commands are compared."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What was measured: seconds of ours and of the peer, their ratio, and what it should reach (`None`: reported).

    What is no time at all, as a growth or a share, has a ratio only.
    """

    what: str
    seconds: float | None = None
    peer: str = ""
    peer_seconds: float | None = None
    ratio: float | None = None
    reach: float | None = None
    reach_seconds: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`met`, `missed`, `reported`, or `not run` where a part is missing (the note says which)."""
        if self.seconds is None and self.ratio is None:
            return "not run"
        if self.reach is None and self.reach_seconds is None:
            return "reported"
        within_ratio = self.reach is None or (self.ratio is not None and self.ratio <= self.reach)
        within_time = self.reach_seconds is None or (self.seconds is not None and self.seconds <= self.reach_seconds)
        return "met" if within_ratio and within_time else "missed"


def seconds_of(argv: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> float:
    """Wall time of one run; a failing command is an error, never a fast result."""
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, check=False)
    took = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return took


def alternating(
    ours: Callable[[], float], peer: Callable[[], float], *, runs: int, warm_up: int = 1
) -> tuple[float, float, float]:
    """Median of ours, of the peer, and the median of the ratios pair by pair: drift of the machine cancels out."""
    for _ in range(warm_up):
        ours()
        peer()
    pairs = [(ours(), peer()) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def plain_environment() -> dict[str, str]:
    """The environment without this project's settings and without colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLISSFUL_")}
    return {**kept, "NO_COLOR": "1"}
