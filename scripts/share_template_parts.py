"""Copies what all templates share from copier-templates/_shared/ into each template's folder.

Copier refuses includes from outside a template's folder, and a folder must work alone; so the parts are copied, and a
test holds the copies equal. `--check` only tells which copies are stale (exit 1).
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "copier-templates"
SHARED = TEMPLATES / "_shared"


def copies() -> Iterator[tuple[Path, Path]]:
    """Each shared file and where it is copied to."""
    for template in sorted(path.parent for path in TEMPLATES.glob("*/copier.yml")):
        for source in sorted(path for path in SHARED.rglob("*") if path.is_file()):
            yield source, template / source.relative_to(SHARED)


def write_schema() -> None:
    """The schema that a project's blissful-infra.yaml names for editors, from the model it is checked by."""
    from blissful_infra.settings.schema import project_schema

    file = SHARED / "template/blissful/schema.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(project_schema(), indent=2) + "\n")


def main() -> int:
    if "--check" in sys.argv[1:]:
        stale = [copy for source, copy in copies() if not copy.is_file() or copy.read_bytes() != source.read_bytes()]
        for copy in stale:
            print(f"stale: {copy.relative_to(TEMPLATES.parent)}; run python scripts/share_template_parts.py")
        return 1 if stale else 0
    write_schema()
    for source, copy in copies():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
