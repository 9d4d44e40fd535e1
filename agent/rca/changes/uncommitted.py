"""What is changed in the working tree and in no commit, judged like one: a live project runs it all the same."""

import dataclasses
import re
from datetime import UTC, datetime

from agent.domain.change import Commit
from agent.domain.investigation import Investigation

UNCOMMITTED = "uncommitted"
"""In the place of a sha."""
_PATH = f"git/{UNCOMMITTED}.diff"
_FILE = re.compile(r"^\+\+\+ b/(?P<path>[^\t\n]+)", re.MULTILINE)


def with_uncommitted(investigation: Investigation) -> Investigation:
    """The investigation with the uncommitted diff, where it holds one, as its last commit."""
    diff = next((record.text for record in investigation.records if record.path.removesuffix(".gz") == _PATH), "")
    files = tuple(dict.fromkeys(found["path"] for found in _FILE.finditer(diff)))
    if not files:
        return investigation
    at = investigation.alert_at or investigation.window.end or datetime.max.replace(tzinfo=UTC)
    change = Commit(sha=UNCOMMITTED, at=at, author="", message="not committed", files=files, diff=diff)
    return dataclasses.replace(investigation, commits=(*investigation.commits, change))
