"""Environments that come and go: how one is called, what its namespace says of it, and when it may go. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from blissful_infra.errors import UsageError
from blissful_infra.settings.consistency import PREVIEW_PREFIX
from blissful_infra.settings.model import BackingPlace, Environment, ProjectConfig

DOMAIN = "blissful-infra.dev"
PROJECT, KIND, KEEP = f"{DOMAIN}/project", f"{DOMAIN}/kind", f"{DOMAIN}/keep"
BRANCH, PULL_REQUEST, OWNER = f"{DOMAIN}/branch", f"{DOMAIN}/pull-request", f"{DOMAIN}/owner"
CREATED, LAST_USED, TTL = f"{DOMAIN}/created", f"{DOMAIN}/last-used", f"{DOMAIN}/ttl"
REQUESTS = f"{DOMAIN}/requests"

LONGEST = 63
"""Of a namespace, and of a part of a host's name."""
LONGEST_SLUG = 20
HASHED = 8
LETTERS = "bcdfghjkmnpqrstv"
"""Sixteen of them, no vowel: a hash is no word, and never looks like a number."""
NAME = re.compile(rf"pr-[1-9][0-9]{{0,9}}|[a-z0-9]([a-z0-9-]*[a-z0-9])?-[{LETTERS}]{{{HASHED}}}")
UNITS: Mapping[str, int] = {"m": 60, "h": 3600, "d": 86_400}


class InvalidSubjectError(UsageError):
    """A preview is for one branch or one pull request."""

    code = "invalid-subject"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a preview is for: a branch, or a pull request's number. Raises InvalidSubjectError."""

    branch: str | None = None
    pr: int | None = None

    def __post_init__(self) -> None:
        if (self.branch is None) == (self.pr is None):
            raise InvalidSubjectError("name a branch or a pull request", hint="give one of --branch and --pr")
        if self.branch is not None and not (0 < len(self.branch) <= 255 and self.branch.isprintable()):
            raise InvalidSubjectError(f"{self.branch!r} is no branch's name")
        if self.pr is not None and not 0 < self.pr < 10**10:
            raise InvalidSubjectError(f"{self.pr} is no pull request's number")

    def __str__(self) -> str:
        return f"branch {self.branch}" if self.branch is not None else f"pull request {self.pr}"


def name_of(project: str, subject: Subject) -> str:
    """The preview's name, safe in DNS; no two subjects of a project share one.

    >>> name_of("my-service", Subject(pr=12)), name_of("my-service", Subject(branch="feature/Ünicode!"))
    ('pr-12', 'feature-nicode-gftvtgmh')
    """
    if subject.branch is None:
        return f"pr-{subject.pr}"
    digest = hashlib.sha256(f"{project}\n{subject.branch}".encode()).digest()
    hashed = "".join(LETTERS[byte & 15] + LETTERS[byte >> 4] for byte in digest[: HASHED // 2])
    room = LONGEST - len(project) - len(f"-{PREVIEW_PREFIX}") - 1 - HASHED
    slug = re.sub(r"[^a-z0-9]+", "-", subject.branch.lower()).strip("-")[: min(LONGEST_SLUG, room)].strip("-")
    return f"{slug or 'x'}-{hashed}"


def environment_name(name: str) -> str:
    """What a preview is called as an environment: `deploy`, `releases` and `rollback` take it."""
    return f"{PREVIEW_PREFIX}{name}"


def namespace_of(project: str, name: str) -> str:
    """The namespace of a preview."""
    return f"{project}-{environment_name(name)}"


def preview_environment(config: ProjectConfig, environment: str) -> Environment | None:
    """The settings of a preview as an environment; None for a name that is no preview's."""
    name = environment.removeprefix(PREVIEW_PREFIX)
    if config.previews is None or name == environment or not NAME.fullmatch(name):
        return None
    namespace = namespace_of(config.name, name)
    if len(namespace) > LONGEST:
        return None
    return Environment(
        cluster=config.previews.cluster,
        namespace=namespace,
        replicas=config.previews.replicas,
        backing=BackingPlace.IN_CLUSTER,
        host=f"{config.name}-{name}.{config.previews.domain}" if config.previews.domain else None,
        overlay=config.previews.overlay,
    )


def seconds_of(ttl: str) -> float:
    """The seconds of a setting such as 24h.

    >>> seconds_of("90m"), seconds_of("7d")
    (5400.0, 604800.0)
    """
    return float(int(ttl[:-1]) * UNITS[ttl[-1]])


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview as its namespace tells of it. Times are seconds since 1970; `requests` are counts by pod."""

    name: str
    namespace: str
    subject: Subject
    owner: str
    created: float
    last_used: float
    ttl_s: float
    keep: bool
    ending: bool
    requests: str
    uid: str
    version: str

    def left_s(self, now: float) -> float:
        """Seconds until it may be reaped; less than nothing once it may."""
        return self.last_used + self.ttl_s - now

    def due(self, now: float) -> bool:
        """Whether it may be reaped."""
        return not self.keep and self.left_s(now) <= 0


def labels_of(project: str) -> dict[str, str]:
    """What marks a namespace as a preview of a project: only such a one is ever deleted."""
    return {PROJECT: project, KIND: "preview", "app.kubernetes.io/managed-by": "blissful-infra"}


def annotations_of(subject: Subject, *, owner: str, ttl: str, now: float) -> dict[str, str]:
    """What a new preview's namespace says of it."""
    made_for = {BRANCH: subject.branch} if subject.branch is not None else {PULL_REQUEST: str(subject.pr)}
    return {**made_for, OWNER: owner, CREATED: stamp(now), LAST_USED: stamp(now), TTL: ttl}


def preview_in(namespace: Mapping[str, Any], config: ProjectConfig) -> Preview | None:
    """The preview that a namespace is; None for one that is not this project's, whatever it is called.

    Notes that somebody broke are replaced by what is safe: the settings' time to live, and the namespace's own age.
    """
    metadata = namespace.get("metadata") or {}
    labels, notes = metadata.get("labels") or {}, metadata.get("annotations") or {}
    if config.previews is None or any(labels.get(key) != value for key, value in labels_of(config.name).items()):
        return None
    subject = _subject(notes)
    if subject is None or namespace_of(config.name, name_of(config.name, subject)) != metadata.get("name"):
        return None
    born = seconds_at(metadata.get("creationTimestamp")) or 0.0
    created = seconds_at(notes.get(CREATED)) or born
    ttl = str(notes.get(TTL) or "")
    return Preview(
        name_of(config.name, subject),
        str(metadata["name"]),
        subject,
        str(notes.get(OWNER) or "unknown"),
        created,
        seconds_at(notes.get(LAST_USED)) or created,
        seconds_of(ttl if re.fullmatch(r"[1-9][0-9]{0,4}[mhd]", ttl) else config.previews.ttl),
        keep=labels.get(KEEP) == "true",
        ending=bool(metadata.get("deletionTimestamp")),
        requests=str(notes.get(REQUESTS) or ""),
        uid=str(metadata.get("uid") or ""),
        version=str(metadata.get("resourceVersion") or ""),
    )


def stamp(seconds: float) -> str:
    """A time as the annotations write it.

    >>> stamp(0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_at(text: object) -> float | None:
    """The time that an annotation says, or None for what is no time."""
    try:
        found = datetime.fromisoformat(str(text))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _subject(notes: Mapping[str, Any]) -> Subject | None:
    number = str(notes.get(PULL_REQUEST) or "")
    try:
        return Subject(branch=notes.get(BRANCH), pr=int(number) if re.fullmatch(r"[0-9]{1,10}", number) else None)
    except InvalidSubjectError:
        return None
