"""No claim without evidence: a quote must stand in the file it names, and show what the cause speaks of."""

import dataclasses
from collections.abc import Iterable

from agent.domain.claim import Claim, Quote
from agent.domain.investigation import Document, Investigation
from agent.normalize.quotable import MIN_CHARACTERS, comparable, shows


class Texts:
    """All texts of an investigation by their path, each made comparable once, when first asked for."""

    def __init__(self, investigation: Investigation) -> None:
        self._lines = {file.path: file.lines for file in (*investigation.logs, *investigation.jobs)}
        documents: list[Document] = [*investigation.kubernetes, *investigation.notes, *investigation.records]
        self._texts = {document.path: document.text for document in documents}
        self._comparable: dict[str, str] = {}

    def holds(self, quote: Quote) -> bool:
        """Whether the quote is long enough to show anything, and stands in its file."""
        wanted = comparable(quote.text)
        if len(wanted) < MIN_CHARACTERS:
            return False
        if quote.path in self._lines and any(quote.text in line for line in self._lines[quote.path]):
            return True
        return wanted in self._comparable_text(quote.path)

    def _comparable_text(self, path: str) -> str:
        if path not in self._comparable:
            lines = self._lines.get(path)
            text = "\n".join(lines) if lines is not None else self._texts.get(path, "")
            self._comparable[path] = comparable(text)
        return self._comparable[path]


def backed(claims: Iterable[Claim], investigation: Investigation) -> tuple[Claim, ...]:
    """The claims with those of their quotes that hold; a claim that keeps none, or none that shows it, is left out."""
    texts = Texts(investigation)
    kept = []
    for claim in claims:
        evidence = tuple(quote for quote in claim.evidence if texts.holds(quote))
        if shows([quote.text for quote in evidence], claim.cause, claim.subject, claim.metric):
            kept.append(dataclasses.replace(claim, evidence=evidence))
    return tuple(kept)
