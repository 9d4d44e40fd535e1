"""The seam of all providers, and the values that cross it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

_URL = re.compile(r"(?:https?|ssh|git)://(?:[^@/\s]+@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[\w./~-]+?)(?:\.git)?/?")
_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>[\w./~-]+?)(?:\.git)?/?")


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a branch is pushed to: `git remote` calls it `name`; `owner` may have slashes on some hosts."""

    name: str
    host: str
    owner: str
    repository: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is asked for; `base` empty means the repository's default branch."""

    title: str
    body: str
    head: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The request as the provider has it; `existed` when the branch had one already."""

    url: str
    number: int
    existed: bool


class Provider(Protocol):
    """One provider of pull requests."""

    @classmethod
    def for_remote(cls, remote: Remote, environ: Mapping[str, str]) -> Self | None:
        """The provider of this remote, or `None` where it is another's."""

    @property
    def base_url(self) -> str:
        """Where the provider is asked."""

    @property
    def place(self) -> str:
        """Where the request goes, as a person is shown it."""

    @property
    def why_not(self) -> str | None:
        """Why nothing can be sent (no token), or `None`."""

    def by_hand(self, request: PullRequest) -> str:
        """What to do by hand, in one line."""

    def open(self, request: PullRequest) -> Opened:
        """Open it, or find the one that the branch has. Raises `PullRequestError`."""


def remote_of(name: str, url: str) -> Remote | None:
    """The remote of a URL as git writes it; `None` for a folder on this machine.

    >>> remote_of("origin", "git@github.com:acme/shop.git")
    Remote(name='origin', host='github.com', owner='acme', repository='shop')
    """
    found = _URL.fullmatch(url) or (_SCP.fullmatch(url) if "://" not in url else None)
    if found is None or "/" not in found["path"].strip("/"):
        return None
    owner, _, repository = found["path"].strip("/").rpartition("/")
    return Remote(name, found["host"].lower(), owner, repository)
