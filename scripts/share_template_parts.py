"""Copy what the templates share from `copier-templates/_shared/` into each of them.

Copier takes nothing from outside a template's folder (includes, symlinks and Jinja imports of `../` are refused), so
shared parts are copies. `--check` changes nothing and names the copies that differ.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from blissful_infra.settings.schema import project_schema

TEMPLATES = Path(__file__).parent.parent / "copier-templates"
SHARED = TEMPLATES / "_shared"
OWN_QUESTIONS = "\n---\n"


def template_folders() -> tuple[Path, ...]:
    """Every folder that is a template."""
    return tuple(sorted(file.parent for file in TEMPLATES.glob("*/copier.yml")))


def shared_files() -> dict[str, str]:
    """Path inside a project's template -> text. The schema is generated from the settings' model."""
    files = {
        str(file.relative_to(SHARED)): file.read_text(encoding="utf-8")
        for file in sorted(SHARED.rglob("*"))
        if file.is_file() and file.name != "questions.yml"
    }
    return files | {"blissful/schema.json": json.dumps(project_schema(), indent=2, ensure_ascii=False) + "\n"}


def questions_of(template: Path) -> str:
    """The shared questions, and below them the template's own."""
    present = (template / "questions.yml").read_text(encoding="utf-8") if (template / "questions.yml").exists() else ""
    _, line, own = f"\n{present}".partition(OWN_QUESTIONS)
    return (SHARED / "questions.yml").read_text(encoding="utf-8") + (line[1:] + own if own else "")


def differing() -> Iterator[tuple[Path, str]]:
    """Each copy that is missing or differs, and the text it should have."""
    wanted = {
        template / "template" / path: text for template in template_folders() for path, text in shared_files().items()
    }
    wanted |= {template / "questions.yml": questions_of(template) for template in template_folders()}
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path, text


def main() -> int:
    """Copy, or with `--check` only compare; 1 when copies differed."""
    found = list(differing())
    for path, text in found:
        print(path.relative_to(TEMPLATES.parent))  # noqa: T201
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(bool(found) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
