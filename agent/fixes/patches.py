"""Texts before and after as a unified diff in git's form, which `git apply` takes as it is."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

CONTEXT = 3


def patch_of(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The diff of the files that differ, in the order of their paths; empty where none does.

    Each file is in both, so a patch creates and deletes none.
    """
    return "".join(_of_file(path, before[path], after[path]) for path in sorted(after) if before[path] != after[path])


def _of_file(path: str, before: str, after: str) -> str:
    tab = "\t" if " " in path else ""
    head = f"diff --git a/{path} b/{path}\n--- a/{path}{tab}\n+++ b/{path}{tab}\n"
    return head + "".join(_hunks(_lines(before), _lines(after)))


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Like `difflib.unified_diff`, with git's mark where the last line has no line feed."""
    same = 0  # a long common beginning and end cost nothing
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    start = max(0, same - CONTEXT)
    end = 0
    while end < min(len(before), len(after)) - same and before[-1 - end] == after[-1 - end]:
        end += 1
    end = max(0, end - CONTEXT)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    for group in difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(start + first[1], start + last[2])} +{_range(start + first[3], start + last[4])} @@\n"
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (_marked(" ", line) for line in old[i1:i2])
            else:
                yield from (_marked("-", line) for line in old[i1:i2])
                yield from (_marked("+", line) for line in new[j1:j2])


def _range(start: int, stop: int) -> str:
    length = stop - start
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as git sees them: only a line feed ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
