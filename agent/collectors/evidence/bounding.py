"""The newest of what a source has, as much as a bound lets through."""

from collections.abc import Sequence

from agent.domain import Bound


def newest(lines: Sequence[str], bound: Bound) -> tuple[Sequence[str], bool]:
    """The last of the lines, in their order, and whether some were left out."""
    left, kept = bound.octets, 0
    for line in reversed(lines[-bound.records :]):
        left -= len(line.encode("utf-8", "replace")) + 1
        if left < 0:
            break
        kept += 1
    return lines[len(lines) - kept :], kept < len(lines)


CUT = "\n# cut here: there is more than was taken\n"


def clipped(text: str, octets: int) -> str:
    """The text's beginning within so many bytes; one that was cut says so at its end, where there is room for it."""
    data = text.encode("utf-8", "replace")
    if len(data) <= octets:
        return text
    room = octets - len(CUT)
    return data[:room].decode("utf-8", "ignore") + CUT if room > 0 else ""
