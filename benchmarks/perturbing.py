"""The same incident with less to go by: what the engine's confidence must notice.

A labelled case has nearly always a right answer. Without the lines that decided it, halved, thinned, or without one of
its parts, its answer may be wrong, and the confidence has to tell.
"""

import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agent.domain.investigation import Document, Investigation, LogFile


def variants_of(investigation: Investigation, answer: dict[str, Any], seed: str) -> Iterator[tuple[str, Investigation]]:
    """Each variant with its name; `answer` is that to the whole case. Equal arguments give equal variants."""
    chance = random.Random(seed)
    top = answer["findings"][0] if answer["findings"] else None
    if top is not None:
        quotes = [piece["quote"] for piece in top["evidence"]]
        paths = {piece["file"] for piece in top["evidence"] if piece["file"].startswith("metrics/")}
        subject = top["subject"]

        def tells(line: str) -> bool:
            return any(quote.split("\n", 1)[0].strip() in line for quote in quotes)

        yield "without-quoted", _without(investigation, tells, paths, subject)
        yield "without-subject", _without(investigation, lambda line: subject in line, paths, subject)
    yield "first-half", _lines(investigation, lambda lines: lines[: len(lines) // 2])
    yield "thinned", _lines(investigation, lambda lines: [line for line in lines if chance.random() < 0.3])
    yield "no-logs", dataclasses.replace(investigation, logs=())
    if investigation.series and investigation.logs:
        yield "no-metrics", dataclasses.replace(investigation, series=())
    if investigation.spans:
        yield "no-traces", dataclasses.replace(investigation, spans=())


def _without(
    investigation: Investigation, tells: Callable[[str], bool], paths: set[str], subject: str
) -> Investigation:
    found = _lines(investigation, lambda lines: [line for line in lines if not tells(line)])
    return dataclasses.replace(
        found,
        series=tuple(one for one in found.series if one.path not in paths),
        spans=tuple(span for span in found.spans if span.service != subject),
        commits=tuple(commit for commit in found.commits if not (commit.diff and tells(commit.diff))),
    )


def _lines(investigation: Investigation, keep: Callable[[Sequence[str]], Sequence[str]]) -> Investigation:
    def log(file: LogFile) -> LogFile:
        return dataclasses.replace(file, lines=tuple(keep(file.lines)))

    def document(one: Document) -> Document:
        return dataclasses.replace(one, text="\n".join(keep(one.text.split("\n"))))

    return dataclasses.replace(
        investigation,
        logs=tuple(log(file) for file in investigation.logs),
        jobs=tuple(log(file) for file in investigation.jobs),
        kubernetes=tuple(document(one) for one in investigation.kubernetes),
        notes=tuple(document(one) for one in investigation.notes),
    )
