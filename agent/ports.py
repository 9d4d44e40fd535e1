"""Every seam of the agent as a Protocol: what is handed in from outside, and what each adapter must keep.

One suite a port runs on every implementation (tests/contract/), the in-memory ones of tests/fakes.py included.
"""

from collections.abc import Iterator
from typing import Protocol

from agent.domain import Bound, Collected, ServiceState, Window


class Collector(Protocol):
    """One source of evidence."""

    @property
    def name(self) -> str:
        """Kebab-case, unique among the collectors of one investigation; shown to the person asking."""

    def collect(self, window: Window, bound: Bound) -> Collected:
        """The records inside the window, oldest first, the newest of them when there are more than the bound allows.

        Never raises for a source that cannot be reached: that is `UNAVAILABLE`, with the reason. Collecting the same
        window twice gives events with the same ids.
        """


class StackObserver(Protocol):
    """Tells what the services of a stack are doing now; implemented by whoever runs stacks."""

    def observe(self) -> tuple[ServiceState, ...]:
        """Every service of the stack, in start order. Raises `BlissfulError` when the stack cannot be asked."""


class ChatModel(Protocol):
    """A language model that words what the evidence says. Optional everywhere."""

    @property
    def name(self) -> str:
        """The model's own name, such as `llama3.1:8b`."""

    def stream(self, system: str, prompt: str) -> Iterator[str]:
        """Pieces of the answer as they come. Raises `ModelError` when the model is down, slow, or dies on the way."""
