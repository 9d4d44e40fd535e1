"""A team's own failure patterns: `*.yml` files in a folder, in the shape of the shipped ones (docs/knowledge.md)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import yaml

from agent.errors import InvalidPatternsError
from agent.rca.signatures import Pattern, patterns_of

MOST_FILES = 100
MOST_OCTETS = 256 * 1024
"""Of one file."""

TEXTS = ("id", "category", "regex", "cause")
MOST_LINES = 10
LONGEST_REGEX = 1_000

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def team_patterns(folder: Path, *, taken: frozenset[str] = frozenset()) -> tuple[Pattern, ...]:
    """The patterns of a folder, none where there is no folder; `taken` are ids that the shipped patterns have.

    Raises `InvalidPatternsError`, naming the file, the pattern and the key.
    """
    if not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix in {".yml", ".yaml"} and path.is_file())
    if len(files) > MOST_FILES:
        raise InvalidPatternsError(f"{folder} holds more than {MOST_FILES} files of patterns")
    found: dict[str, Path] = {}
    patterns: list[Pattern] = []
    for path in files:
        for pattern in _patterns_in(path):
            if pattern.id in taken or pattern.id in found:
                other = found.get(pattern.id)
                where = f"in {other.name}" if other else "among the shipped patterns"
                raise _wrong(path, pattern.id, "id", f"stands {where} already", hint="give it another id")
            found[pattern.id] = path
            patterns.append(pattern)
    return tuple(patterns)


def _patterns_in(path: Path) -> Iterator[Pattern]:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_OCTETS + 1)
        data = yaml.load(content.decode("utf-8"), _Loader) if len(content) <= MOST_OCTETS else None  # noqa: S506 - a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        why = " ".join(str(error).split())[:300]
        raise InvalidPatternsError(f"{path} cannot be read as YAML: {why}") from error
    if len(content) > MOST_OCTETS:
        raise InvalidPatternsError(f"{path} is larger than {MOST_OCTETS // 1024} KiB")
    if data is None:
        return
    if not isinstance(data, list):
        raise InvalidPatternsError(f"{path} should be a list of patterns", hint="docs/knowledge.md shows one")
    for number, entry in enumerate(data, 1):
        yield _pattern(path, number, entry)


def _pattern(path: Path, number: int, entry: object) -> Pattern:
    if not isinstance(entry, Mapping):
        raise InvalidPatternsError(f"{path}: pattern {number} should be a mapping")
    name = str(entry.get("id", number))[:80]
    for key in TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise _wrong(path, name, key, "should be a text" if key in entry else "is missing")
    for key in ("id", "category"):
        if not _KEBAB.fullmatch(entry[key]):
            raise _wrong(path, name, key, "should be lower-case words with dashes between them")
    _check_regex(path, name, entry["regex"])
    _check_literals(path, name, entry.get("literals"))
    _check_strength(path, name, entry.get("strength"))
    _check_cause(path, name, entry["cause"], entry["regex"])
    _check_lines(path, name, entry.get("lines", 1))
    (pattern,) = patterns_of([{**entry, "literals": [literal.lower() for literal in entry["literals"]]}])
    return pattern


def _check_regex(path: Path, name: str, regex: str) -> None:
    if len(regex) > LONGEST_REGEX:
        raise _wrong(path, name, "regex", f"is longer than {LONGEST_REGEX} characters")
    try:
        re.compile(regex, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise _wrong(path, name, "regex", f"is no regular expression: {error}") from error


def _check_literals(path: Path, name: str, literals: object) -> None:
    if not isinstance(literals, list) or not literals:
        raise _wrong(path, name, "literals", "should be a list of texts, one of which stands on each matching line")
    if not all(isinstance(literal, str) and literal.strip() for literal in literals):
        raise _wrong(path, name, "literals", "holds something that is no text")


def _check_strength(path: Path, name: str, strength: object) -> None:
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 < strength <= 1:
        raise _wrong(path, name, "strength", "should be a number over 0 and up to 1")


def _check_lines(path: Path, name: str, lines: object) -> None:
    if isinstance(lines, bool) or not isinstance(lines, int) or not 1 <= lines <= MOST_LINES:
        raise _wrong(path, name, "lines", f"should be a whole number from 1 to {MOST_LINES}")


def _check_cause(path: Path, name: str, cause: str, regex: str) -> None:
    known = {"subject", *re.compile(regex).groupindex}
    why = f"may name {{subject}} and the regex's groups only ({', '.join(sorted(known - {'subject'})) or 'none'})"
    try:
        named = [(field, spec, how) for _, field, spec, how in Formatter().parse(cause) if field is not None]
    except ValueError as error:
        raise _wrong(path, name, "cause", why, hint=f"{error}; braces in the text are written twice") from error
    if any(field not in known or spec or how for field, spec, how in named):
        raise _wrong(path, name, "cause", why)


def _wrong(path: Path, name: str, key: str, why: str, hint: str | None = None) -> InvalidPatternsError:
    return InvalidPatternsError(f"{path}: pattern {name}: `{key}` {why}", hint=hint)
