"""kubectl for an environment: its context and its namespace, never those that the kubeconfig happens to stand at."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import NoReturn

from blissful_infra.errors import MissingToolError
from blissful_infra.settings.model import Environment


def kubectl_argv(environment: Environment, *words: str) -> list[str]:
    """The arguments, kubectl's path first. Raises MissingToolError."""
    found = shutil.which("kubectl")
    if found is None:
        raise MissingToolError("kubectl is not installed", hint="install it, and make sure that PATH finds it")
    return [found, f"--context={environment.cluster}", f"--namespace={environment.namespace}", *words]


def become_kubectl(environment: Environment, words: Sequence[str]) -> NoReturn:
    """Go on as kubectl: terminal, signals and exit code are its own from here. Raises MissingToolError."""
    argv = kubectl_argv(environment, *words)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(argv[0], argv)  # noqa: S606 - arguments, and no shell, are what is wanted
