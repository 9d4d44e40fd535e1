"""What the options of `env` and the variables of the role `previews` mean."""

import re
from pathlib import Path

from blissful_infra.delivery.previews.preview import Subject, environment_name, name_of, preview_environment
from blissful_infra.delivery.previews.previews import NoSuchPreviewError
from blissful_infra.delivery.source import branch_commit, commit_of
from blissful_infra.errors import UsageError
from blissful_infra.settings.consistency import PREVIEW_PREFIX
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.patterns import DURATION


def subject_of(branch: str | None, pr: int | str | None) -> Subject:
    """The branch or pull request that options or variables name."""
    number = str(pr or "")
    return Subject(
        branch=branch or None, pr=(int(number) if number.isdecimal() and len(number) < 12 else 0) if number else None
    )


def name_meant(config: ProjectConfig, name: str | None, branch: str | None, pr: int | str | None) -> str:
    """The preview that is meant: named as `env list` shows it, or by its branch or pull request."""
    if not name:
        return name_of(config.name, subject_of(branch, pr))
    if branch or pr:
        raise UsageError("a preview is named once", hint="give its name, --branch or --pr")
    plain = name.removeprefix(PREVIEW_PREFIX)
    if preview_environment(config, environment_name(plain)) is None:
        raise NoSuchPreviewError(f"{name!r} is no preview's name", hint="`blissful-infra env list` shows them")
    return plain


def ref_of(folder: Path, subject: Subject, *, ref: str | None, image: str | None) -> str:
    """Whose manifests and image are meant: what was named, else the branch's commit, or the one checked out."""
    if ref:
        commit_of(folder, ref)  # no preview is opened for a commit that there is not
    if ref or image:
        return ref or ""
    return branch_commit(folder, subject.branch) if subject.branch is not None else "HEAD"


def check_ttl(ttl: str | None) -> None:
    """Refuse what is no time to live. Raises UsageError."""
    if ttl is not None and not re.fullmatch(DURATION, ttl):
        raise UsageError(f"{ttl!r} is no time to live", hint="a number and m, h or d: 90m, 24h, 7d")
