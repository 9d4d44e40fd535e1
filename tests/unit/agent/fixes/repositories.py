"""Projects as fixers see them, and real git that judges the diffs."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.domain.change import Commit
from agent.domain.claim import Claim, Quote
from agent.domain.fix import Fix, PatchFix
from agent.domain.project import ProjectFiles
from agent.fixes import fixes_for
from agent.fixes.parsing import why_unreadable

AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_cause(category: str, quote: str = "it broke", **given: Any) -> Claim:
    """A claim about `app`, with whatever is given instead; `path` is where the quote stands."""
    path = given.pop("path", "logs/app.log")
    facts: dict[str, Any] = {
        "line": "signatures", "rule": "some-rule", "category": category, "subject": "app",
        "cause": "app is broken.", "strength": 0.9, "evidence": (Quote(path, quote),),
    }  # fmt: skip
    return Claim(**{**facts, **given})


def a_project(texts: Mapping[str, str], **given: Any) -> ProjectFiles:
    """The files, at a commit that no test looks for."""
    return ProjectFiles(base="0" * 40, texts=texts, **given)


def a_commit(diff: str, sha: str = "c" * 40, message: str = "Change a thing") -> Commit:
    """A commit with this diff."""
    return Commit(sha=sha, at=AT, author="Ann", message=message, files=(), diff=diff)


def only_fix(cause: Claim, project: ProjectFiles, id_: str) -> Fix:
    """The fix of this id, whose patch applies and leaves files that parse; all other fixes must too."""
    fixes = {fix.id: fix for fix in fixes_for(cause, project)}
    for fix in fixes.values():
        after_of(fix, project)
    assert id_ in fixes, list(fixes)
    return fixes[id_]


def after_of(fix: Fix, project: ProjectFiles) -> dict[str, str]:
    """The texts that the patch changes, as real git leaves them; each is still what its name says."""
    if not isinstance(fix.action, PatchFix):
        return {}
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        for path in project.texts:
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(project.texts[path].encode())
        for arguments in (("--check",), ()):
            done = subprocess.run(
                ["git", "apply", *arguments, "-"], cwd=top, input=fix.action.patch.encode(), capture_output=True
            )
            assert done.returncode == 0, (done.stderr.decode(), fix.action.patch)
        after = {path: (top / path).read_bytes().decode() for path in project.texts}
    changed = {path: text for path, text in after.items() if text != project.texts[path]}
    assert changed
    for path, text in changed.items():
        assert why_unreadable(path, text) is None
    return changed


def changed_lines(fix: Fix) -> list[str]:
    """The lines of the patch that are not context."""
    assert isinstance(fix.action, PatchFix)
    lines = fix.action.patch.splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
