"""Broken projects in a few lines, and what the rules say of them."""

from collections.abc import Sequence

from agent.advice import Remembered, Warned, material_of, suggestions_of
from agent.domain.project_files import ProjectFiles
from agent.domain.suggestion import Suggestion

NOTHING = Remembered()


def suggested(
    files: dict[str, str], remembered: Remembered = NOTHING, warned: Sequence[Warned] = ()
) -> tuple[Suggestion, ...]:
    """What is suggested for these files; no rule may stumble."""
    material = material_of(ProjectFiles(files, frozenset(files)), remembered, tuple(warned))
    found = suggestions_of(material)
    assert [gap for gap in material.gaps if "failed" in gap] == []
    return found


def of_rule(rule: str, files: dict[str, str]) -> tuple[Suggestion, ...]:
    """Those of one rule."""
    return tuple(one for one in suggested(files) if one.rule == rule)
