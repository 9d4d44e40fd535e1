"""Ctrl-C and SIGTERM during a run: the first asks the run to end, a second one does not wait for its undoing."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self, TypeVar

Result = TypeVar("Result")


class Interruption:
    """While entered, the first signal calls `on_first` and sets `requested`; the second raises KeyboardInterrupt."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.exit_code: int | None = None
        self._on_first = on_first
        self._before: dict[int, object] = {}

    @property
    def requested(self) -> bool:
        """Whether a signal arrived."""
        return self.exit_code is not None

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _received(self, number: int, _frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.exit_code = 128 + number
        self._on_first()


def within(seconds: float | None, act: Callable[[], Result]) -> Result | None:
    """The act's result, or None when it takes longer; it is left behind then. Exceptions of the act are raised.

    The act runs in a thread of its own, so that this one stays free to receive signals.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(act())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failure.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds)
    if failure:
        raise failure[0]
    return outcome[0] if outcome else None
