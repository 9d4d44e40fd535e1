"""A project as the fixers see it: its texts, its YAML parsed once, and what recent commits took away."""

import re
from collections.abc import Iterator
from functools import cached_property

from yaml.nodes import Node

from agent.domain.project import LONGEST_FILE, MOST_FILES, ProjectFiles
from agent.fixes.paths import why_closed
from agent.fixes.yaml_nodes import LONGEST, YamlUnreadableError, documents_in

MOST_YAML = 600_000
"""Characters parsed in all."""
LONGEST_LINE = 400


class Project:
    """What the wiring handed in, bounded, without the paths that no fix may change."""

    def __init__(self, files: ProjectFiles) -> None:
        self.files = files
        kept = [path for path in sorted(files.texts) if why_closed(path) is None]
        self.texts = {path: files.texts[path] for path in kept[:MOST_FILES] if len(files.texts[path]) <= LONGEST_FILE}

    @cached_property
    def yaml(self) -> dict[str, tuple[Node, ...]]:
        """The documents of each YAML file that can be read; a Helm template, for one, cannot."""
        found: dict[str, tuple[Node, ...]] = {}
        spent = 0
        for path, text in self.texts.items():
            if not path.endswith((".yaml", ".yml")) or len(text) > LONGEST or spent + len(text) > MOST_YAML:
                continue
            spent += len(text)
            try:
                found[path] = documents_in(text)
            except YamlUnreadableError:
                continue
        return found

    @cached_property
    def compose_files(self) -> tuple[str, ...]:
        """The files that Docker Compose reads."""
        return tuple(path for path in self.yaml if re.search(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$", path))

    def removed_lines(self, path: str | None = None) -> Iterator[str]:
        """Lines that recent commits took away, the newest commit's first; of one file, or of any."""
        for commit in self.files.commits:
            at = ""
            for line in (commit.diff or "").split("\n"):
                if line.startswith("--- "):
                    at = line[4:].split("\t")[0].removeprefix("a/")
                elif line.startswith("-") and len(line) < LONGEST_LINE and path in {None, at}:
                    yield line[1:]
