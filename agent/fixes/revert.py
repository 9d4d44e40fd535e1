"""Takes the commit back that is to blame."""

import re
from collections.abc import Iterator

from agent.domain.claim import Claim
from agent.domain.fix import Fix, PatchFix, Risk
from agent.fixes.paths import why_closed
from agent.fixes.project import Project

_PATH = re.compile(r"(?m)^(?:---|\+\+\+) (?:[ab]/(?P<path>.*?)\t?|/dev/null)$")


def revert_commit(cause: Claim, project: Project) -> Iterator[Fix]:
    """The culprit's diff backwards, where it still applies. A person reads it: the commit had a reason too."""
    sha = cause.commit
    if not sha or sha == "none":
        return
    full = next((known for known in project.files.reversals if known.startswith(sha)), None)
    if full is None:
        return
    patch = project.files.reversals[full]
    paths = [found["path"] for found in _PATH.finditer(patch) if found["path"]]
    if not paths or any(why_closed(path) for path in paths):
        return
    subject = next((commit.message.split("\n")[0][:80] for commit in project.files.commits if commit.sha == full), "")
    yield Fix(
        id="revert-commit",
        title=f"Revert {full[:7]}" + (f" ({subject})" if subject else ""),
        why="This commit is held to be the cause; without it the code is what it was when all was well.",
        action=PatchFix(patch=patch, base=project.files.base),
        risk=Risk.MEDIUM,
        reversible=True,
    )
