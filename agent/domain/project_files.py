"""The files of a project as far as they were read, so that rules can look at them without touching a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Texts by their path relative to the project, `/` between folders.

    `committed` holds the paths that git keeps, or `None` where there is no repository. `gaps` say what was not read.
    """

    texts: Mapping[str, str] = field(hash=False)
    committed: frozenset[str] | None = None
    gaps: tuple[str, ...] = ()
