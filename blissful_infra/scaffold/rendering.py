"""Renders a template with Copier, and translates what Copier raises."""

import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blissful_infra.errors import RenderError
from blissful_infra.scaffold.answers import InvalidAnswerError
from blissful_infra.scaffold.source import BOUND_TO_A_REPOSITORY, TemplateSource

ABOUT_ANSWERS = ("Validation error for question ", "Invalid choice for ", "Invalid answer ", 'Question "')


def render(source: TemplateSource, answers: Mapping[str, Any], into: Path, *, ask: bool = False) -> None:
    """Render the source's templates into a folder; with `ask`, Copier asks what the answers leave open.

    Raises `InvalidAnswerError` and `RenderError`. Copier's clones are in a folder of their own, gone afterwards: the
    user's Copier cache holds what the public repository really has.
    """
    with (
        tempfile.TemporaryDirectory(prefix="blissful-templates-") as cache,
        _copier_environment({**source.environment, "COPIER_CACHE_DIR": cache}),
    ):
        import copier
        from copier.errors import CopierAnswersInterrupt
        from plumbum import ProcessExecutionError

        try:
            copier.run_copy(
                source.url, into, data=dict(answers), defaults=not ask, vcs_ref=source.ref, quiet=True, overwrite=True
            )
        except CopierAnswersInterrupt as error:
            raise KeyboardInterrupt from error
        except ProcessExecutionError as error:
            raise RenderError(
                "git could not give the template's files",
                hint="blissful-infra doctor",
                context={"git": str(error.stderr).strip()},
            ) from error
        except Exception as error:  # what a template evaluates may raise anything
            if str(error).startswith(ABOUT_ANSWERS):
                told = re.sub(r"^Validation error for question '(\w+)': ", r"\1: ", str(error))
                raise InvalidAnswerError(told, hint="blissful-infra create --help") from error
            raise RenderError(f"the template could not be rendered: {error}", context={"from": source.url}) from error


@contextmanager
def _copier_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for git as Copier starts it; the library it does that with has its own copy of the environment."""
    from plumbum import local

    before = dict(os.environ)
    with warnings.catch_warnings(action="ignore"), local.env():
        try:
            for name in BOUND_TO_A_REPOSITORY:
                os.environ.pop(name, None)
                local.env.pop(name, "")
            os.environ.update(variables)
            local.env.update(**variables)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
