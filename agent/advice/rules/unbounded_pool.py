"""A pool without an end: under load it takes every connection that the other side has."""

import ast
import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.advice.python_code import call_name, calls_in, keyword
from agent.domain.suggestion import Priority, Shown, Suggestion

_ENGINES = ("create_engine", "create_async_engine")
_SHAPE = re.compile(r"\bcreate_(?:async_)?engine\b")


def unbounded_pool(material: Material) -> Iterator[Suggestion]:
    """SQLAlchemy's pool_size=0 and max_overflow=-1, and Spring's max-active: -1."""
    for path, text in material.of(".py"):
        for call in calls_in(text, _SHAPE):
            if call_name(call).rpartition(".")[2] not in _ENGINES:
                continue
            for name, endless in (("pool_size", "0"), ("max_overflow", "-1")):
                value = keyword(call, name)
                if value is not None and ast.unparse(value) == endless:
                    yield _unbounded(f"{name}={endless}", material.shown(path, value.lineno))
    for file in material.settings:
        setting = file.first("spring.data.redis.lettuce.pool.max-active", "spring.redis.lettuce.pool.max-active")
        if setting and setting.text.startswith("-"):
            yield _unbounded(f"{setting.key}: {setting.text}", material.shown(file.path, setting.line))


def _unbounded(what: str, shown: Shown) -> Suggestion:
    return Suggestion(
        rule="unbounded-pool",
        priority=Priority.MEDIUM,
        subject=what,
        title=f"the pool has no end ({what})",
        why="a slow moment opens connections until the server refuses everybody",
        fix="a fixed size, such as 10, and a time-out for waiting on it",
        evidence=(shown,),
    )
