"""A diff as a branch: made of git objects alone, so that the person's working tree and index stay as they are."""

import hashlib
import re
from datetime import datetime

from agent.domain.fix import Fix, PatchFix
from agent.domain.incident import Incident
from agent.fixes.parsing import why_unreadable
from agent.fixes.paths import why_closed
from blissful_infra.fixing.attempts import Attempt, Attempts
from blissful_infra.fixing.errors import FixNotApplicableError
from blissful_infra.fixing.repository import GitError, Repository

_NOBODY = "git does not know who you are"


def refuse_bad(repository: Repository, action: PatchFix) -> tuple[str, ...]:
    """The paths that the patch changes. Raises `FixNotApplicableError` where it must not be applied."""
    with repository.patched(action.base, action.patch) as index:
        changed = index.changed()
        modes = index.modes()
        problems = [why for path in changed if (why := why_closed(path))]
        problems += [f"{path} is no ordinary file" for path, mode in modes.items() if not mode.startswith("100")]
        for path in changed if not problems else ():
            try:
                text = index.text(path) if path in modes else ""
            except GitError as error:
                problems.append(str(error))
                continue
            problems += [why for why in (why_unreadable(path, text),) if why and path in modes]
    if problems or not changed:
        raise FixNotApplicableError(problems[0] if problems else "the fix changes nothing")
    return changed


def make_branch(repository: Repository, attempts: Attempts, incident: Incident, fix: Fix, now: datetime) -> Attempt:
    """A new branch with the fix as one commit on its base. Raises `FixNotApplicableError`; the caller is alone."""
    action = fix.action
    if not isinstance(action, PatchFix):
        raise TypeError("only a diff becomes a branch")
    refuse_bad(repository, action)
    branch = free_branch(repository, incident, fix)
    attempt = Attempt(
        id=hashlib.sha256(f"{incident.id} {fix.id} {now.isoformat()}".encode()).hexdigest()[:12],
        incident_id=incident.id,
        pattern=incident.pattern,
        fix_id=fix.id,
        title=fix.title,
        at=now,
        branch=branch,
        base=action.base,
    )
    attempts.begin(attempt)
    try:
        with repository.patched(action.base, action.patch) as index:
            commit = index.commit(message_of(incident, fix))
        attempt = attempts.note(attempt, commit=commit)
        repository.git("update-ref", "--create-reflog", f"refs/heads/{branch}", commit, "0" * len(commit))
    except GitError as error:
        attempts.note(attempt, state="failed")
        nobody = "user.email" in str(error) or "empty ident" in str(error)
        raise FixNotApplicableError(
            _NOBODY if nobody else f"the branch {branch} could not be made",
            hint='`git config --global user.name "..."` and `user.email`' if nobody else None,
            context={"git": str(error).replace("\n", "; ")[:400]},
        ) from error
    return attempts.note(attempt, state="applied")


def message_of(incident: Incident, fix: Fix) -> str:
    """The commit's message."""
    drafted = "\n\nThe change was drafted by a language model." if fix.by_model else ""
    return f"{_line(fix.title)[:100]}\n\n{_line(fix.why)}{drafted}\n\nIncident: {incident.id}\nFix: {fix.id}\n"


def free_branch(repository: Repository, incident: Incident, fix: Fix) -> str:
    """`fix/<id>-<incident>`, with a number where that exists already."""
    name = f"fix/{fix.id}-{re.sub(r'[^0-9a-zA-Z]', '', incident.id)[:8] or 'incident'}"
    number = 1
    while repository.branch_commit(name if number == 1 else f"{name}-{number}"):
        number += 1
    return name if number == 1 else f"{name}-{number}"


def _line(text: str) -> str:
    return " ".join(text.split())
