"""Image references, and which tags a build gets. Pure."""

import re
from dataclasses import dataclass, replace

from blissful_infra.errors import UsageError

REFERENCE = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)"
    r"(:(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
    r"(@(?P<digest>sha256:[0-9a-f]{64}))?"
)
LATEST = "latest"
DIRTY = "-dirty"


class InvalidImageError(UsageError):
    """The text is no image reference."""

    code = "invalid-image"


class DirtyTreeError(UsageError):
    """The working tree has changes that no commit holds, so that no commit says what the image is."""

    code = "dirty-tree"


@dataclass(frozen=True, slots=True)
class ImageReference:
    """Where an image is kept, and which one: by tag, by digest, or both."""

    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{'@' + self.digest if self.digest else ''}"

    @property
    def registry(self) -> str:
        """The registry's host, with its port.

        >>> ImageReference("localhost:5000/team/my-service").registry
        'localhost:5000'
        """
        return self.repository.partition("/")[0]

    @property
    def path(self) -> str:
        """The repository's name inside the registry."""
        return self.repository.partition("/")[2]

    def pinned(self, digest: str) -> "ImageReference":
        """The same repository, by digest alone: it can never mean another image."""
        return replace(self, tag=None, digest=digest)


def reference_of(text: str) -> ImageReference:
    """The reference a text means. Raises InvalidImageError.

    >>> reference_of("registry.example:5000/team/app:1.2")
    ImageReference(repository='registry.example:5000/team/app', tag='1.2', digest=None)
    """
    found = REFERENCE.fullmatch(text)
    if found is None or "/" not in found["repository"]:
        raise InvalidImageError(
            f"{text!r} is no image reference",
            hint="name registry, repository and digest or tag: registry.example/my-service@sha256:...",
        )
    return ImageReference(found["repository"], found["tag"], found["digest"])


@dataclass(frozen=True, slots=True)
class Source:
    """What an image is built from: the commit, and whether the working tree differs from it."""

    commit: str
    dirty: bool

    @property
    def revision(self) -> str:
        """What `/version` will say."""
        return f"{self.commit}{DIRTY}" if self.dirty else self.commit


def tags_of(source: Source, *, allow_dirty: bool) -> tuple[str, ...]:
    """The tags of an image built from this: its commit and `latest`; never `latest` for what no commit holds."""
    if not source.dirty:
        return source.commit, LATEST
    if not allow_dirty:
        raise DirtyTreeError(
            "the working tree has changes that are not committed",
            hint="commit them, or build with --allow-dirty: the tag then ends in -dirty and `latest` stays where it is",
        )
    return (source.revision,)
