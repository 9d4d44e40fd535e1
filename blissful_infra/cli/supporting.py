"""What `support-bundle` does: gathers a live project's evidence and writes it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.domain.gathered import Gathered
from blissful_infra.cli.gathered_text import shape_of_gathered
from blissful_infra.cli.when import moment
from blissful_infra.evidence.live import live_evidence
from blissful_infra.evidence.writing import refuse_existing, write_bundle
from blissful_infra.settings.reading import find_project
from blissful_infra.stacks.planning import read_project


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was written, or would be."""

    target: Path
    written: bool
    title: str
    files: tuple[tuple[str, int], ...]
    gathered: tuple[Gathered, ...]


def bundled(target: Path | None, *, env: str | None, since: str | None, dry_run: bool) -> Bundled:
    """Gather and write; what is in the way is found before anything is gathered."""
    now = datetime.now(UTC)
    project = read_project(find_project(Path.cwd()))
    target = target or Path(f"{project.settings.config.name}-support-{now:%Y%m%dT%H%M%SZ}.tar.gz")
    refuse_existing(target)
    live = live_evidence(project, now, env=env, since=moment(since, option="--since", now=now) if since else None)
    if not dry_run:
        write_bundle(live.documents, target)
    files = tuple((document.path, len(document.text.encode("utf-8", "replace"))) for document in live.documents)
    return Bundled(target, not dry_run, live.investigation.title, files, live.gathered)


def shape_of(made: Bundled) -> dict[str, Any]:
    """The document of schemas/support-bundle.v1.json."""
    return {
        "v": 1,
        "path": str(made.target),
        "written": made.written,
        "title": made.title,
        "files": [{"path": path, "bytes": size} for path, size in made.files],
        "gathered": shape_of_gathered(made.gathered),
    }
