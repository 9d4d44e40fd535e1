"""A source that is known to be out of reach before anything is collected: said, not left out."""

from agent.domain import Bound, Collected, Window


class Unreachable:
    """Stands for the collector that could not be set up."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self._reason = reason

    def collect(self, _window: Window, _bound: Bound) -> Collected:
        """`UNAVAILABLE`, with the reason."""
        return Collected.unavailable(self.name, self._reason)
