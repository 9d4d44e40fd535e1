"""The files of a project as one commit has them: what a fix may change, handed in as texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.domain.change import Commit

MOST_FILES = 400
LONGEST_FILE = 256_000
"""Characters; what is larger is generated or data, and no fix is written into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFiles:
    """Paths are relative to the repository's top folder, with forward slashes.

    `commits` are the newest first, with their diffs: a value that a commit took away is the best guess at what a
    setting should be. `reversals` are diffs that take a commit back and apply to `base`. `services` are those of the
    local stack, which a playbook can act on.
    """

    base: str
    texts: Mapping[str, str]
    commits: tuple[Commit, ...] = ()
    reversals: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
