"""What the commands about memory share: the project's knowledge base, and the patterns it knows."""

from dataclasses import dataclass
from pathlib import Path

from agent.collectors.team_patterns import team_patterns
from agent.diagnosing import shipped_patterns
from agent.rca.signatures import Pattern
from blissful_infra.paths import patterns_dir
from blissful_infra.remembering import OpenKnowledge, open_knowledge
from blissful_infra.settings.reading import find_project, load_settings
from blissful_infra.stacks.planning import Project


@dataclass(frozen=True, slots=True)
class KnownPatterns:
    """The failure patterns that are tried: those of this version, and the team's own."""

    shipped: tuple[Pattern, ...]
    team: tuple[Pattern, ...]


def knowledge_here() -> OpenKnowledge:
    """The knowledge base of the project around the present folder, to be used in a `with`."""
    return open_knowledge(load_settings(find_project(Path.cwd())))


def known_patterns(project: Project) -> KnownPatterns:
    """The patterns for this project. Raises `InvalidPatternsError` where one of the team's own is wrong."""
    return patterns_of_folder(project.folder)


def patterns_of_folder(folder: Path) -> KnownPatterns:
    """The patterns for the project in this folder."""
    shipped = shipped_patterns()
    taken = frozenset(pattern.id for pattern in shipped)
    return KnownPatterns(shipped, team_patterns(patterns_dir(folder), taken=taken))
