"""Asking before anything leaves this machine: once for each host, never without a terminal."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click

from blissful_infra.paths import consent_file
from blissful_infra.settings.consent import Consents, Purpose

_QUESTION = {
    Purpose.MODEL: "Send redacted evidence to the model at {host}? --show-prompt shows it. Remembered for this host",
    Purpose.PULL_REQUEST: "Send the fix and its redacted findings to {host}? Remembered for this host",
}


def may_send(purpose: Purpose, host: str, *, by_flag: bool, no_input: bool) -> bool:
    """Whether the user agreed: by a flag now, once before, or just now when asked on a terminal."""
    consents = Consents(consent_file())
    if by_flag or consents.given(purpose, host):
        return True
    if no_input or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    if not click.confirm(_QUESTION[purpose].format(host=host), default=False, err=True):
        return False
    consents.give(purpose, host, datetime.now(UTC))
    return True


def asking(purpose: Purpose, *, by_flag: bool, no_input: bool) -> Callable[[str], bool]:
    """`may_send` for whichever host it turns out to be."""
    return lambda host: may_send(purpose, host, by_flag=by_flag, no_input=no_input)
