"""Collects the edits of one fix and makes it, where the result still parses and says what was meant."""

from agent.domain.fix import Fix, PatchFix, Risk
from agent.fixes.parsing import why_unreadable
from agent.fixes.patches import patch_of
from agent.fixes.project import Project
from agent.fixes.yaml_nodes import Edit, edited


class Draft:
    """Edits by file; YAML files are edited by node, others get a whole new text."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._edits: dict[str, list[Edit]] = {}
        self._texts: dict[str, str] = {}

    def edit(self, path: str, edit: Edit | None) -> bool:
        """Add an edit of a YAML file; whether there was one."""
        if edit is None:
            return False
        self._edits.setdefault(path, []).append(edit)
        return True

    def write(self, path: str, text: str) -> None:
        """Give a file another text."""
        self._texts[path] = text

    def text(self, path: str) -> str:
        """A file's text, as this draft has it so far."""
        return self._texts.get(path, self._project.texts[path])

    def fix(self, id_: str, title: str, why: str, *, risk: Risk = Risk.LOW) -> Fix | None:
        """The fix; `None` where nothing changes, or where a file would not be what it must be."""
        after = dict(self._texts)
        for path, edits in self._edits.items():
            result = edited(self._project.texts[path], edits)
            if result is None:
                return None
            after[path] = result
        if any(why_unreadable(path, text) for path, text in after.items()):
            return None
        patch = patch_of(self._project.texts, after)
        if not patch:
            return None
        action = PatchFix(patch=patch, base=self._project.files.base)
        return Fix(id=id_, title=title, why=why, action=action, risk=risk, reversible=True)
