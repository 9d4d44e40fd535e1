"""A source of evidence that is known to be out of reach before anything is gathered: said, not left out."""

from agent.domain import Bound, Window
from agent.domain.gathered import Gathered


class UnreachableSource:
    """Stands for the source that could not be set up."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self._reason = reason

    def gather(self, _window: Window, _bound: Bound) -> Gathered:
        """`UNAVAILABLE`, with the reason."""
        return Gathered.unavailable(self.name, self._reason)
