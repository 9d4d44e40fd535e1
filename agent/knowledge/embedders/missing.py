"""The place of an embedder that is not there: incidents are recorded all the same, only their like is not found."""

from collections.abc import Sequence

from agent.errors import BlissfulError, SourceUnavailableError


class MissingEmbedder:
    """`agent.ports.Embedder` that says why it cannot."""

    name = "none"
    dimensions = 0

    def __init__(self, error: BlissfulError) -> None:
        self._error = error

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Raises `SourceUnavailableError` with the reason."""
        raise SourceUnavailableError(self._error.message, hint=self._error.hint)
