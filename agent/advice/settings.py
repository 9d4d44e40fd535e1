"""An application's own configuration, flat: `spring.datasource.url` with its text and line, from YAML or properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from agent.advice.yaml_nodes import Node, documents_of

_NAME = re.compile(r"(?:^|/)application(?:-[\w-]+)?\.(?:ya?ml|properties)\Z")
_PROPERTY = re.compile(r"\s*([^\s#!=:][^=:\s]*)\s*[=:]\s*(.*)")
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One key as written, with its text and line."""

    key: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings of one file."""

    path: str
    settings: tuple[Setting, ...]

    def first(self, *endings: str) -> Setting | None:
        """The first setting whose key, relaxed as Spring reads it, is one of these."""
        wanted = {relaxed(ending) for ending in endings}
        return next((one for one in self.settings if relaxed(one.key) in wanted), None)


def relaxed(key: str) -> str:
    """`connection-timeout`, `connectionTimeout` and `CONNECTION_TIMEOUT` are one key."""
    return key.replace("-", "").replace("_", "").lower()


def is_settings(path: str) -> bool:
    """Whether the name is that of a Spring application's configuration."""
    return bool(_NAME.search(path))


def settings_of(path: str, text: str) -> SettingsFile:
    """The file's settings. Raises ValueError where it cannot be parsed."""
    if path.endswith(".properties"):
        lines = enumerate(text.splitlines(), start=1)
        found = [Setting(match[1], match[2].strip(), n) for n, line in lines if (match := _PROPERTY.match(line))]
        return SettingsFile(path, tuple(found[:_MOST]))
    steps = (step for document in documents_of(text) for step in _flat(document, ""))
    return SettingsFile(path, tuple([step for step in islice(steps, _MOST) if step is not None]))


def _flat(node: Node, above: str) -> Iterator[Setting | None]:
    """Every step, so that a file whose aliases multiply ends too; `None` for what is no setting."""
    for key, value in node.items():
        name = f"{above}{key}"
        if isinstance(value.value, str):
            yield Setting(name, value.value, value.line)
        else:
            yield None
            yield from _flat(value, f"{name}.")
