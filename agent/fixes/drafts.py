"""Reads the diff in a model's answer: strictly, because what a model writes about line numbers is seldom true.

A hunk counts only where its old lines stand exactly once in a file that the model was shown. The patch is then made
anew from the two texts, so that it applies.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.fixes.paths import why_closed

LONGEST_ANSWER = 20_000
MOST_HUNKS = 20
_FILE = re.compile(r"(?:---|\+\+\+) (?:[ab]/)?(?P<path>\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class _Hunk:
    path: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def texts_of_draft(answer: str, shown: Mapping[str, str]) -> dict[str, str]:
    """The changed texts by path; empty where the answer holds no diff of the files shown that fits them."""
    hunks = list(_hunks(answer[:LONGEST_ANSWER]))
    texts = dict(shown)
    if not hunks or len(hunks) > MOST_HUNKS:
        return {}
    for hunk in hunks:
        if hunk.path not in shown or why_closed(hunk.path):
            return {}
        result = _applied(texts[hunk.path], hunk)
        if result is None:
            return {}
        texts[hunk.path] = result
    return {path: text for path, text in texts.items() if text != shown[path]}


def _hunks(answer: str) -> Iterator[_Hunk]:
    """Each hunk of the first diff in a text, whatever stands around it."""
    path, inside = "", False
    old: list[str] = []
    new: list[str] = []
    for line in [*answer.split("\n"), "```"]:
        head = _FILE.fullmatch(line) if line.startswith(("--- ", "+++ ")) else None
        ends = head is not None or line.startswith(("@@", "```", "diff --git "))
        if ends and inside and (old or new):
            yield _Hunk(path, tuple(old), tuple(new))
            old, new = [], []
        if head is not None:
            path = path if line == "+++ /dev/null" or head["path"] == "/dev/null" else head["path"]
            inside = False
        elif line.startswith("@@"):
            inside = True
        elif ends:
            inside = False
        elif inside and line[:1] in {" ", "-", "+", ""}:
            if line[:1] != "+":
                old.append(line[1:])
            if line[:1] != "-":
                new.append(line[1:])


def _applied(text: str, hunk: _Hunk) -> str | None:
    old, new = list(hunk.old), list(hunk.new)
    while old and new and not old[-1].strip() and not new[-1].strip():  # blank lines behind the diff
        old.pop()
        new.pop()
    lines = text.split("\n")
    if not old or old == new:
        return None
    places = [at for at in range(len(lines) - len(old) + 1) if lines[at : at + len(old)] == old]
    if len(places) != 1:
        return None
    return "\n".join([*lines[: places[0]], *new, *lines[places[0] + len(old) :]])
