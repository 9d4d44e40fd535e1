"""Commands in configuration: argument lists, or strings split into arguments without a shell."""

import shlex
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

SHELL_WORDS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1"})


def argv_of(command: str | tuple[str, ...]) -> tuple[str, ...]:
    """The arguments of a command that passed `checked_command`.

    >>> argv_of("java -jar 'my app.jar'")
    ('java', '-jar', 'my app.jar')
    """
    return tuple(shlex.split(command)) if isinstance(command, str) else command


def checked_command(value: object) -> str | tuple[str, ...]:
    """The command as written, or an error saying why it cannot be run without a shell."""
    if isinstance(value, str):
        command: str | tuple[str, ...] = value
        try:
            words = argv_of(value)
        except ValueError as error:
            raise _error(f"cannot be split into arguments: {str(error).lower()}") from error
        if shell := sorted(SHELL_WORDS.intersection(words)):
            raise _error(f"`{shell[0]}` needs a shell, and commands run without one; write [sh, -c, '...'] for a shell")
    elif isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        command = words = tuple(value)
    else:
        raise _error("should be a command: a string, or a list of strings")
    if not words or not words[0]:
        raise _error("is empty; write the command to run")
    if any("\0" in word for word in words):
        raise _error("contains a NUL character, which no argument can")
    return command


def _error(message: str) -> PydanticCustomError:
    return PydanticCustomError("command", "{reason}", {"reason": message})


CommandLine = Annotated[
    str | tuple[str, ...],
    BeforeValidator(checked_command),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
