"""Running a program to read what it prints: bounded in time and in size, with nothing on its stdin."""

import subprocess
import threading
from collections.abc import Sequence
from typing import NamedTuple

_LONGEST_PROBLEM = 8_000


class Printed(NamedTuple):
    """The exit code (0 where the output was cut), the output up to the limit, and the beginning of stderr."""

    code: int
    output: str
    problem: str
    cut: bool


def printed_by(command: Sequence[str], *, most: int, within_s: float) -> Printed:
    """What the program prints, at most `most` bytes of it; killed when it takes longer. Raises `OSError`."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        deadline = threading.Timer(within_s, kill)
        deadline.start()
        problems: list[bytes] = []
        reader = threading.Thread(target=lambda: problems.append(process.stderr.read()[:_LONGEST_PROBLEM]))  # type: ignore[union-attr]
        reader.start()
        output = process.stdout.read(most)
        cut = len(output) == most and bool(process.stdout.read(1))
        if cut:
            process.kill()
        code = process.wait()
        reader.join()
        deadline.cancel()
    problem = b"".join(problems).decode("utf-8", "replace").strip()
    if late.is_set():
        problem = f"no answer within {within_s:g} s"
    return Printed(0 if cut else code, output.decode("utf-8", "replace"), problem, cut)
