"""Text from outside, made safe to show on a terminal.

A log line may hold escape sequences that move the cursor, rewrite the window's title or hide what stands before them,
and Unicode marks that reverse what is read. They are data: colours go, everything else that would act is shown as its
code.
"""

import re

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|[@-Z\\^_])")
_ACTING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ACTING_BUT_NEWLINE = re.compile(_ACTING.pattern.replace("\x0a-\x1f", "\x0b-\x1f"))


def without_ansi(text: str) -> str:
    """The text without terminal escape sequences."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def neutral(text: str, *, keep_newlines: bool = False) -> str:
    """The text with nothing left in it that acts on a terminal; tabs stay, other control characters become `\\x07`."""
    if text.isascii() and text.isprintable():
        return text
    acting = _ACTING_BUT_NEWLINE if keep_newlines else _ACTING
    return acting.sub(_code, without_ansi(text))


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
