"""A dependency whose version does not exist: the version before it, or the nearest that the index told of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.domain.claim import Claim
from agent.domain.fix import Fix, Risk
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.telling import words_of

_PYTHON = re.compile(
    r"(?:No matching distribution found for|satisfies the requirement|no version of)\s+"
    r"(?P<name>[\w.-]{1,100})(?:\[[\w,-]*\])?==(?P<version>[\w.+!-]{1,60})"
)
_FROM_VERSIONS = re.compile(r"\(from versions: (?P<versions>[^)]{1,8000})\)")
_NODE = re.compile(
    r"(?i)No matching version found for (?P<name>@?[\w./-]{1,100})@(?P<version>[\^~]?\w(?:[\w.+-]{0,60}\w)?)"
)
_YARN = re.compile(
    r"Couldn't find any versions for \"(?P<name>[^\"]{1,100})\" that matches \"(?P<version>[^\"]{1,60})\""
)
_MAVEN = re.compile(
    r"(?:Could not (?:find|transfer) artifact|artifacts? could not be resolved:|Could not find)\s+"
    r"(?P<group>[\w.-]+):(?P<name>[\w.-]+)(?::(?:jar|pom|war|maven-plugin))?:(?P<version>\d[\w.-]*?)(?=\.?(?:[\s,(]|$))"
)


@dataclass(frozen=True, slots=True)
class _Pin:
    name: str
    version: str
    group: str = ""
    offered: tuple[str, ...] = ()


def mend_pin(cause: Claim, project: Project) -> Iterator[Fix]:
    """Requirements files, pyproject.toml, package.json and pom.xml; a file with hashes is left to its own tool."""
    if cause.category not in {"dependency-resolution", "dependency-incompatible", "docker-build", "build-failure"}:
        return
    words = words_of(cause)
    offered = _FROM_VERSIONS.search(words)
    versions = tuple(offered["versions"].replace(" ", "").split(",")) if offered else ()
    found = [_Pin(hit["name"], hit["version"], offered=versions) for hit in _PYTHON.finditer(words)]
    found += [_Pin(hit["name"], hit["version"]) for shape in (_NODE, _YARN) for hit in shape.finditer(words)]
    found += [_Pin(hit["name"], hit["version"], hit["group"]) for hit in _MAVEN.finditer(words)]
    for pin in dict.fromkeys(found):
        fix = _fix(pin, project)
        if fix:
            yield fix
            return


def _fix(pin: _Pin, project: Project) -> Fix | None:
    draft, told, locks = Draft(project), "", []
    for path, text in project.texts.items():
        name = path.rsplit("/", 1)[-1]
        at = _place(name, text, pin)
        right = _known(pin, path, text, project) if at else ""
        if at and right:
            draft.write(path, text[: at[0]] + right + text[at[1] :])
            told = right
        elif re.fullmatch(r"package-lock\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock", name):
            locks.append(path)
    note = f" {', '.join(locks)} must be made anew by its own tool." if locks else ""
    return draft.fix(
        "correct-pin",
        f"Pin {pin.name} to {told} in place of {pin.version}",
        f"{pin.name} {pin.version} could not be resolved.{note}",
        risk=Risk.MEDIUM if locks else Risk.LOW,
    )


def _place(file: str, text: str, pin: _Pin) -> tuple[int, int] | None:
    """From where to where the version stands in a file."""
    name, version = re.escape(pin.name), re.escape(pin.version)
    if file == "package.json":
        shape = rf'"{name}"\s*:\s*"(?P<version>{version})"'
    elif file == "pom.xml":
        return _place_in_pom(text, pin)
    elif (
        re.fullmatch(r"(?:requirements|constraints)[\w.-]*\.(?:txt|in|lock)|pyproject\.toml", file)
        and "--hash" not in text
    ):
        loose = re.sub(r"(?:\\-|_|\\\.)", "[-_.]", name)
        shape = rf"(?im)(?:^|[\"'\s]){loose}(?:\[[\w,\s-]*\])?\s*==\s*(?P<version>{version})(?![\w.])"
    else:
        return None
    found = re.search(shape, text)
    return found.span("version") if found else None


def _place_in_pom(text: str, pin: _Pin) -> tuple[int, int] | None:
    for block in re.finditer(r"<(dependency|plugin|parent)>(?P<body>.{1,2000}?)</\1>", text, re.DOTALL):
        if not re.search(rf"<artifactId>\s*{re.escape(pin.name)}\s*</artifactId>", block["body"]):
            continue
        value = re.search(r"<version>\s*(?P<version>[^<\s]+)\s*</version>", block["body"])
        if value is None:
            continue
        if value["version"] == pin.version:
            start = block.start("body")
            return start + value.start("version"), start + value.end("version")
        variable = re.fullmatch(r"\$\{([\w.-]+)\}", value["version"])
        if variable:
            name = re.escape(variable[1])
            found = re.search(rf"<{name}>\s*(?P<version>{re.escape(pin.version)})\s*</{name}>", text)
            return found.span("version") if found else None
    return None


def _known(pin: _Pin, path: str, text: str, project: Project) -> str:
    """What a recent commit replaced on the line of this dependency, else the nearest version that was offered."""
    place = _place(path.rsplit("/", 1)[-1], text, pin)
    assert place is not None  # the caller found it
    before, after = text[text.rfind("\n", 0, place[0]) + 1 : place[0]], text[place[1] :].partition("\n")[0]
    for line in project.removed_lines(path):
        head, tail = line[: len(before)], line[len(line) - len(after) :] if after else ""
        old = line[len(before) : len(line) - len(after)]
        if head == before and tail == after and old != pin.version and re.fullmatch(r"[\^~]?\d[\w.+-]{0,60}", old):
            return old
    offered = [version for version in pin.offered if re.fullmatch(r"\d+(?:\.\d+)*", version)]
    lower = [version for version in offered if _key(version) <= _key(pin.version)]
    return max(lower or offered, key=_key, default="")


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:8])
