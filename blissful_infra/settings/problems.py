"""What is wrong with a configuration, in a person's words: where, which key, why, and the nearest known key."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from blissful_infra.errors import ConfigurationError
from blissful_infra.settings.consistency import InconsistentError, Location
from blissful_infra.settings.patterns import IN_WORDS

SHOWN = 20
"""Problems printed; a hopeless file has more, and more would not help."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `where` is a file and line, a variable's or a flag's name; `key` is dotted, or empty."""

    where: str
    key: str
    why: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.key, self.why) if part)


class InvalidSettingsError(ConfigurationError):
    """The configuration is invalid; `problems` says all that is wrong with it."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        rest = [str(problem) for problem in self.problems[:SHOWN]]
        if unshown := len(self.problems) - SHOWN:
            rest += [f"and {unshown} more"] if unshown > 0 else []
        message = rest[0] if len(rest) == 1 else f"{name} has {len(self.problems)} problems"
        super().__init__(
            message,
            hint="mend what is named, then `blissful-infra config validate`",
            context={} if len(rest) == 1 else {str(number): text for number, text in enumerate(rest, 1)},
        )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if any is."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def dotted(location: Location) -> str:
    """`services.app.needs[0]` for `("services", "app", "needs", 0)`."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text if len(text) <= 120 else f"{text[:117]}..."


def problems_of(
    error: ValidationError, model: type[BaseModel], where_of: Callable[[Location], str]
) -> Iterator[Problem]:
    """Each problem pydantic found, worded; `where_of` tells the place of a key."""
    for found in error.errors(include_url=False):
        location = tuple(part for part in found["loc"] if part != "[key]")
        inner = found.get("ctx", {}).get("error")
        if isinstance(inner, InconsistentError):
            for one in inner.contradictions:
                yield Problem(where_of(one.location), dotted(one.location), one.why)
        else:
            yield Problem(where_of(location), dotted(location), _why(found, location, model))


def _why(found: Any, location: Location, model: type[BaseModel]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        known = keys_at(model, location[:-1])
        near = nearest(str(location[-1]), known)
        return "unknown key" + (f"; did you mean `{near}`?" if near else f"; known keys: {', '.join(known)}")
    if kind == "missing":
        return "is missing"
    shown = _shown(found["input"])
    if kind == "enum":
        choices = [choice.strip(" '") for choice in context["expected"].replace(" or ", ",").split(",")]
        near = nearest(str(found["input"]), choices)
        return f"should be one of {', '.join(choices)}, not {shown}" + (f"; did you mean `{near}`?" if near else "")
    if kind == "string_pattern_mismatch":
        return f"should be {IN_WORDS.get(context['pattern'], context['pattern'])}, not {shown}"
    if kind == "string_type" and isinstance(found["input"], int | float) and not isinstance(found["input"], bool):
        return f'should be text; put it in quotes: "{found["input"]}"'
    message = found["msg"].replace("Input should be a valid dictionary", "should be a mapping")
    message = message.replace("valid dictionary or instance of", "mapping of keys for").replace(
        "Input should", "should"
    )
    return message if kind in {"command", "path"} else f"{message}, not {shown}"


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def keys_at(model: type[BaseModel], location: Location) -> list[str]:
    """The keys the model knows at a place of the file; none where any name is allowed."""
    here: Any = model
    for part in location:
        if _is_model(here):
            field = here.model_fields.get(part)
            here = field.annotation if field else None
        else:
            here = get_args(here)[-1] if get_args(here) else None
        if isinstance(here, UnionType):
            here = next((option for option in get_args(here) if _is_model(option)), None)
    return list(here.model_fields) if _is_model(here) else []


def _is_model(candidate: object) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)
