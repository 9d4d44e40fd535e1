"""Names of runs."""

import secrets
from datetime import UTC, datetime


def new_run_id(verb: str) -> str:
    """A name for a run that sorts by time: `20261123T195301Z-up-3f2a`."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{verb}-{secrets.token_hex(2)}"
