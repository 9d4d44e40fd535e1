"""A Dockerfile as its stages and instructions, with line numbers.

>>> last_stage("FROM a AS x\\nUSER 1\\nFROM b\\nRUN one \\\\\\n  two\\n").instructions[0]
Instruction(word='RUN', rest='one two', line=4)
"""

import re
from dataclasses import dataclass, field

_WORD = re.compile(r"\s*([A-Za-z]+)\s+(.*)")
_HEREDOC = re.compile(r"<<-?[\"']?(\w+)[\"']?")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continuation lines joined."""

    word: str
    rest: str
    line: int


@dataclass(frozen=True, slots=True)
class Stage:
    """From a FROM to the next; `base` has the defaults of arguments filled in."""

    base: str
    name: str
    line: int
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, word: str) -> Instruction | None:
        """The last instruction of this word: for most, the only one that counts."""
        return next((one for one in reversed(self.instructions) if one.word == word), None)


def stages_of(text: str) -> tuple[Stage, ...]:
    """The stages in their order."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for one in _instructions(text):
        if one.word == "FROM":
            words = [word for word in one.rest.split() if not word.startswith("--")]
            name = words[2] if len(words) > 2 and words[1].upper() == "AS" else ""
            stages.append(Stage(filled(words[0] if words else "", arguments), name, one.line))
        elif stages:
            stages[-1].instructions.append(one)
        elif one.word == "ARG":
            key, _, value = one.rest.partition("=")
            arguments[key.strip()] = value.strip().strip("\"'")
    return tuple(stages)


def last_stage(text: str) -> Stage | None:
    """The stage that becomes the image."""
    stages = stages_of(text)
    return stages[-1] if stages else None


def filled(text: str, values: dict[str, str] | None = None) -> str:
    """`${NAME:-default}` and `$NAME` replaced by a known value or the default; unknown ones vanish."""
    known = values or {}
    return _VARIABLE.sub(lambda match: known.get(match[1] or match[3], "") or match[2] or "", text)


def _instructions(text: str) -> list[Instruction]:
    found: list[Instruction] = []
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        start = index
        parts: list[str] = []
        while index < len(lines):
            line = lines[index]
            index += 1
            if line.lstrip().startswith("#") or (parts and not line.strip()):
                continue
            parts.append(line.rstrip().removesuffix("\\").strip())
            if not line.rstrip().endswith("\\"):
                break
        if match := _WORD.match(" ".join(parts)):
            first = next(at for at in range(start, index) if not lines[at].lstrip().startswith("#"))
            found.append(Instruction(match[1].upper(), match[2].strip(), first + 1))
            for mark in _HEREDOC.findall(match[2]) if match[1].upper() in {"RUN", "COPY"} else ():
                while index < len(lines) and lines[index].strip() != mark:
                    index += 1
                index += 1
    return found
