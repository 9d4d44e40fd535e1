"""Dependencies that are others at the next build."""

import re
from collections.abc import Iterator, Mapping

from agent.advice.material import Material, folder_of, is_sample
from agent.domain.suggestion import Priority, Suggestion

_LOCKS: Mapping[str, tuple[str, ...]] = {
    "package.json": (
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "bun.lockb",
        "npm-shrinkwrap.json",
    ),
    "pyproject.toml": (
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "pylock.toml",
        "requirements.lock",
        "requirements.txt",
        "constraints.txt",
    ),
    "go.mod": ("go.sum",),
    "Cargo.toml": ("Cargo.lock",),
    "Gemfile": ("Gemfile.lock",),
    "composer.json": ("composer.lock",),
}
_HAS_DEPENDENCIES: Mapping[str, re.Pattern[str]] = {
    "package.json": re.compile(r'"(?:dev)?[dD]ependencies"\s*:\s*\{\s*"'),
    "pyproject.toml": re.compile(r"(?m)^dependencies\s*=\s*\[\s*[\"']|^\[tool\.poetry\.dependencies\]"),
    "go.mod": re.compile(r"(?m)^\s*require\b|^\t\S+ v"),
}
_FLOATING = re.compile(r"<version>\s*(LATEST|RELEASE|[\[(][^<]*|[^<]*-SNAPSHOT)\s*</version>")
_REQUIREMENT = re.compile(r"^[A-Za-z][\w.-]*(?:\[[^\]]*\])?\s*(?:[<>~!]=?[^=#;]*)?(?:[;#].*)?$")


def dependency_locks(material: Material) -> Iterator[Suggestion]:
    """Manifests without a lock beside or above them, unpinned requirements, floating versions of Maven."""
    for path, text in material.files.texts.items():
        name = path.rpartition("/")[2]
        if is_sample(path):
            continue
        if name in _LOCKS and _HAS_DEPENDENCIES.get(name, _ANY).search(text) and not _is_locked(material, path, name):
            yield _floating(
                material,
                path,
                _line_of(text, _HAS_DEPENDENCIES.get(name, _ANY)),
                f"{path} has no lock file",
                f"commit the lock ({_LOCKS[name][0]}), and let the build refuse to change it",
            )
        elif re.fullmatch(r"requirements[\w-]*\.txt", name) and "--hash" not in text:
            loose = [n for n, line in enumerate(text.splitlines(), 1) if _REQUIREMENT.match(line.strip())]
            if loose:
                yield _floating(
                    material,
                    path,
                    loose[0],
                    f"{len(loose)} requirement{'s' * (len(loose) > 1)} of {path} "
                    f"name{'s' * (len(loose) == 1)} no version",
                    "`uv pip compile --generate-hashes` pins them all",
                )
        elif (
            name == "pom.xml"
            and "<dependencies>" in text
            and (match := _FLOATING.search(text, text.find("<dependencies>")))
        ):
            line = text.count("\n", 0, match.start()) + 1
            yield _floating(material, path, line, f"{path} takes version {match[1].strip()}", "name one version")


_ANY = re.compile("")


def _is_locked(material: Material, path: str, name: str) -> bool:
    folder = folder_of(path)
    above = [folder, *(folder.rsplit("/", n)[0] for n in range(1, folder.count("/") + 1)), "."]
    return any(
        (lock if one == "." else f"{one}/{lock}") in material.files.texts for one in above for lock in _LOCKS[name]
    )


def _line_of(text: str, shape: re.Pattern[str]) -> int:
    match = shape.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _floating(material: Material, path: str, line: int, title: str, fix: str) -> Suggestion:
    return Suggestion(
        rule="dependency-lock",
        priority=Priority.MEDIUM,
        subject=path,
        title=title,
        why="the same commit builds another program tomorrow, with whatever was published since",
        fix=fix,
        evidence=(material.shown(path, line),),
    )
