"""The end of a log file, without reading the rest."""

from pathlib import Path

BLOCK = 64 * 1024


def last_lines(path: Path, count: int) -> tuple[str, ...]:
    """The last lines of a file, oldest first; none where there is no file. Looks at its last 64 KiB only."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - BLOCK))
            text = file.read().decode(errors="replace")
    except OSError:
        return ()
    return tuple(line for line in text.splitlines() if line.strip())[-count:]
