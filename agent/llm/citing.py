"""Keeps a model's text honest: a sentence that does not cite events which exist is not shown.

Nor is one that tells the reader to run something: a log line can put such words into a model's mouth.
"""

import re
from collections.abc import Iterable, Iterator

_END = re.compile(r"(?<=[.!?\]])\s+(?!\[)|\n+")
_CITED = re.compile(r"\[([^\[\]]{1,400})\]")
_ID = re.compile(r"[0-9a-f]{16}")


_ORDER = re.compile(
    r"(?i)(?:^|[.:;]\s+|\bplease\s+|\b(?:should|must|need to|have to)\s+)"
    r"(?:run|execute|type|paste|install|download|visit|ignore|disable|delete)\b"
    r"(?=\s+(?:[`\"'$/]|(?:the|this|that|these|all|it|your|previous)\b|https?:|\w+\s+-))"
    r"|\bsudo\s|\brm\s+-|\b(?:curl|wget)\s+(?:-|https?:)|\|\s*(?:ba)?sh\b|\bkubectl\s+delete\b|\bdrop\s+table\b"
)


class CitedSentences:
    """The sentences of a stream that cite known events only; `dropped` counts the others."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.dropped = 0
        self.kept = 0

    def of(self, pieces: Iterable[str]) -> Iterator[str]:
        """Whole sentences as they are finished, in their order."""
        text = ""
        for piece in pieces:
            text += piece
            *whole, text = _END.split(text)
            yield from self._honest(whole)
        yield from self._honest([text])

    def _honest(self, sentences: Iterable[str]) -> Iterator[str]:
        for sentence in (sentence.strip() for sentence in sentences):
            if not any(letter.isalnum() for letter in sentence):
                continue
            if self._is_honest(sentence):
                self.kept += 1
                yield sentence
            else:
                self.dropped += 1

    def _is_honest(self, sentence: str) -> bool:
        cited = {part.strip() for group in _CITED.findall(sentence) for part in group.split(",")}
        named = cited | set(_ID.findall(sentence))
        return bool(named) and named <= self._known and not _ORDER.search(_CITED.sub("", sentence))
