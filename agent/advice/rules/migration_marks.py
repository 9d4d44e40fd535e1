"""A migration that does not say whether it can be undone: a rollback past it has to guess."""

import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion

_MIGRATION = re.compile(r"(?:^|/)db/migration/V[^/]*\.sql\Z|(?:^|/)migrations/versions/[^/]*\.py\Z")
_MARK = re.compile(r"blissful: ?(?:ir)?reversible")


def migration_marks(material: Material) -> Iterator[Suggestion]:
    """Flyway's and Alembic's migrations without the mark `blissful: reversible` or `irreversible`."""
    for path, text in material.of(".sql", ".py"):
        if _MIGRATION.search(path) and not path.endswith("__init__.py") and text.strip() and not _MARK.search(text):
            comment = "--" if path.endswith(".sql") else "#"
            yield Suggestion(
                rule="migration-mark",
                priority=Priority.MEDIUM,
                subject=path,
                title=f"{path} does not say whether it can be undone",
                why="a rollback past it either refuses without need or loses data",
                fix=f"first line: {comment} blissful: reversible (undone by: ...), or {comment} blissful: irreversible",
                evidence=(material.shown(path, 1),),
            )
