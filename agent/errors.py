"""The one exception hierarchy. Imports nothing else of this project; constructing an error has no effect."""

from collections.abc import Mapping
from typing import ClassVar


class BlissfulError(Exception):
    """Something went wrong that the person at the terminal can understand and mend.

    `message` says what happened, `context` adds facts (shown one a line, in order), `hint` is the command or act that
    mends it. `code` is kebab-case and never renamed; `exit_code` is a row of the table in docs/exit-codes.md.
    """

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None, context: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context: dict[str, str] = dict(context or {})


class SourceUnavailableError(BlissfulError):
    """A source of evidence or a model cannot be reached."""

    code = "source-unavailable"
    exit_code = 4


class ModelError(SourceUnavailableError):
    """The language model did not answer, or stopped in the middle of its answer."""

    code = "model-unavailable"


class KnowledgeError(BlissfulError):
    """The knowledge base cannot be read or written; what it holds is left as it is."""

    code = "knowledge-unavailable"
    exit_code = 4


class NoSuchIncidentError(BlissfulError):
    """No incident has this id, or several have ids that begin so."""

    code = "no-such-incident"
    exit_code = 3


class IncidentStateError(BlissfulError):
    """What is asked of an incident does not go with its state."""

    code = "incident-state"
    exit_code = 3


class InvalidKnowledgeError(BlissfulError):
    """What is to be imported is not a whole export of a knowledge base."""

    code = "invalid-knowledge"
    exit_code = 3


class InvalidPatternsError(BlissfulError):
    """A team's own failure pattern is wrong."""

    code = "invalid-patterns"
    exit_code = 3
