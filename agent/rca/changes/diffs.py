"""A unified diff as the lines it took away and the lines it brought, and the numbers it changed."""

import re
from dataclasses import dataclass

_SETTING = re.compile(
    r"(?P<name>[A-Za-z_][\w.-]*)[\"']?\s*(?::=|=|:|\()\s*[\"']?(?P<value>\d[\d_]*(?:\.\d+)?)\s*\*?\s*"
    r"(?P<unit>(?:time\.)?(?:Millisecond|Second|Minute|Hour)s?|ms|s|m|h|d|Ki|Mi|Gi|[kKMG]B?)?\b"
)
_UNITS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1.0, "second": 1.0, "m": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0,
    "d": 86400.0, "ki": 2.0**10, "mi": 2.0**20, "gi": 2.0**30, "k": 1e3, "kb": 1e3, "mb": 1e6, "g": 1e9, "gb": 1e9,
}  # fmt: skip

NEAR = 3
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)")
LONGEST = 500
"""Of a line; what is longer is generated, and a pattern could take forever on it."""


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A named number that the diff changed; `line` is the new line."""

    name: str
    before: float
    after: float
    line: str


@dataclass(frozen=True, slots=True)
class Change:
    """The lines of a diff without their marks; what was only moved or re-indented is in neither.

    `after` is all the diff shows of the new code, unchanged lines included.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    numbers: tuple[NumberChange, ...]
    after: tuple[str, ...] = ()


def change_of(diff: str) -> Change:
    """The change that a diff makes; headers are no lines of it."""
    lines = [line[:LONGEST] for line in diff.split("\n")]
    removed = [line[1:] for line in lines if line.startswith("-") and not line.startswith("---")]
    added = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
    kept = {line.strip() for line in removed} & {line.strip() for line in added}
    gone = tuple(line.strip() for line in removed if line.strip() and line.strip() not in kept)
    new = tuple(line.strip() for line in added if line.strip() and line.strip() not in kept)
    before, after = _settings(gone), _settings(new)
    numbers = tuple(
        NumberChange(name, before[name][0], value, line)
        for name, (value, line) in after.items()
        if name in before and before[name][0] != value
    )
    return Change(gone, new, numbers, after=tuple(line[1:].strip() for line in lines if line[:1] in {"+", " "}))


def place_of(diff: str, line: str, near: tuple[str, int] | None = None) -> str:
    """Where the changed line stands in the new file, as `app/orders.py:12`; empty where the diff does not tell.

    A line that was taken away stands where it was. `near` is a file and a line of it, as a stack trace names them: the
    change at most `NEAR` lines from there goes first.
    """
    found, path, number = "", "", 0
    for text in diff.split("\n"):
        if text.startswith("+++ "):
            path = text[4:].split("\t")[0].removeprefix("b/")
        elif hunk := _HUNK.match(text):
            number = int(hunk[1])
        elif path and number and text[:1] in {"+", "-", " "} and not text.startswith("--- "):
            if text[:1] in {"+", "-"} and text[1:].strip():
                if near and path.endswith(near[0]) and abs(number - near[1]) <= NEAR:
                    return f"{path}:{number}"
                if not found and text[1 : LONGEST + 1].strip() == line:
                    found = f"{path}:{number}"
            number += text[:1] != "-"
    return found


def is_comment(line: str) -> bool:
    """Whether the line is a comment in the usual languages."""
    return line.lstrip().startswith(("//", "#", "*", "/*", "--", "<!--"))


def _settings(lines: tuple[str, ...]) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for line in lines:
        for hit in _SETTING.finditer(line) if not is_comment(line) else ():
            unit = (hit["unit"] or "").removeprefix("time.").lower()
            scale = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s")) or 1.0
            found.setdefault(hit["name"], (float(hit["value"].replace("_", "")) * scale, line))
    return found
