"""When output is coloured."""

import pytest

from blissful_infra.cli.terminal import colour_wanted, terminal_of


@pytest.mark.parametrize(
    ("is_terminal", "refused", "environ", "wanted"),
    [
        (True, False, {}, True),
        (False, False, {}, False),
        (True, True, {}, False),
        (True, True, {"FORCE_COLOR": "1"}, False),
        (True, False, {"NO_COLOR": "1"}, False),
        (True, False, {"NO_COLOR": ""}, True),
        (False, False, {"FORCE_COLOR": "1"}, True),
        (False, False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, False, {"FORCE_COLOR": ""}, False),
        (True, False, {"TERM": "dumb"}, False),
        (True, False, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colour(is_terminal: bool, refused: bool, environ: dict[str, str], wanted: bool) -> None:
    assert colour_wanted(is_terminal=is_terminal, refused=refused, environ=environ) is wanted


def test_global_flags_count_behind_a_command_but_not_behind_two_dashes() -> None:
    assert terminal_of(["up", "--debug"], {}).debug
    assert not terminal_of(["up", "--", "--debug"], {}).debug
