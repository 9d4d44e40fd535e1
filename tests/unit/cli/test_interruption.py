"""The first Ctrl-C asks, the second does not wait."""

import signal
import time

import pytest

from blissful_infra.cli.interruption import Interruption, within


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_is_told_at_once_and_the_second_raises(sent: signal.Signals, code: int) -> None:
    told: list[str] = []
    with Interruption(lambda: told.append("undoing")) as interruption:
        assert not interruption.requested
        signal.raise_signal(sent)
        assert (told, interruption.requested, interruption.exit_code) == (["undoing"], True, code)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(sent)
        assert told == ["undoing"]


def test_the_handlers_before_come_back() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Interruption(lambda: None):
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_what_takes_too_long_is_left_behind() -> None:
    began = time.monotonic()
    assert within(0.05, lambda: time.sleep(5)) is None
    assert time.monotonic() - began < 2


def test_what_fails_in_time_fails_here() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
