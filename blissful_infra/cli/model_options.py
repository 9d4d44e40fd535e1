"""The options that decide whether a language model words an answer, which one, and what it is sent."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rich_click

_OPTIONS = (
    rich_click.option("--no-model", is_flag=True, help="Leave the language model out, also where one answers."),
    rich_click.option("--model", metavar="NAME", help="Prefer this model over the configured one."),
    rich_click.option(
        "--remote-model",
        is_flag=True,
        help="Agree to a model on another machine (OLLAMA_HOST).",
    ),
    rich_click.option("--show-prompt", is_flag=True, help="Print what a model would be sent; send nothing."),
    rich_click.option("--no-input", is_flag=True, help="Never ask."),
)


@dataclass(frozen=True, slots=True)
class ModelWish:
    """What the options say."""

    wanted: bool = True
    name: str | None = None
    remote: bool = False
    show_prompt: bool = False
    no_input: bool = False


def model_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options as the one argument `wish`."""

    @functools.wraps(function)
    def called(*args: Any, **given: Any) -> Any:
        wish = ModelWish(
            wanted=not given.pop("no_model"),
            name=given.pop("model"),
            remote=given.pop("remote_model"),
            show_prompt=given.pop("show_prompt"),
            no_input=given.pop("no_input"),
        )
        return function(*args, wish=wish, **given)

    wrapped: Callable[..., Any] = called
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
