"""Where things live: shipped content, a project's state, the user's files. The only module that knows.

Shipped content (templates, playbooks, roles, inventories, ansible.cfg) stands beside this module in `_content/` when
installed from a wheel, and at the top of the repository in a checkout.
"""

import hashlib
import os
from pathlib import Path

import platformdirs

APP = "blissful-infra"
PROJECT_FILE = "blissful-infra.yaml"


def content_root() -> Path:
    """The folder holding `playbooks/`, `roles/`, `copier-templates/` and `ansible.cfg`. Never written to."""
    packaged = Path(__file__).parent / "_content"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


def cache_dir() -> Path:
    """Downloads and built parts, keyed by version below it; safe to delete. `BLISSFUL_CACHE` overrides."""
    override = os.environ.get("BLISSFUL_CACHE")
    return Path(override) if override else Path(platformdirs.user_cache_dir(APP))


def user_config_file() -> Path:
    """The user's own settings, the same schema as a project's `agent`, `runtime`, `images` and `registry` keys."""
    return Path(platformdirs.user_config_dir(APP)) / "config.yaml"


def consent_file() -> Path:
    """What the user agreed to send, and to which host; deleting it takes all of it back."""
    return Path(platformdirs.user_config_dir(APP)) / "consent.json"


def machine_state_dir() -> Path:
    """What this user's machine knows of all its stacks: one small file a stack."""
    return Path(platformdirs.user_state_dir(APP))


def state_dir(project_dir: Path) -> Path:
    """A project's `.blissful/`, git-ignored; `BLISSFUL_HOME` overrides."""
    override = os.environ.get("BLISSFUL_HOME")
    return Path(override) if override else project_dir / ".blissful"


def patterns_dir(project_dir: Path) -> Path:
    """The team's own failure patterns, committed with the project."""
    return project_dir / "blissful" / "patterns"


def stack_id(project_dir: Path) -> str:
    """Eight hexadecimal digits that tell two checkouts of one project apart: a hash of the folder's real path."""
    return hashlib.sha256(str(project_dir.resolve()).encode()).hexdigest()[:8]


def sockets_dir() -> Path:
    """Where this user's stacks have their Unix sockets: short, since such a path may have about 100 characters only."""
    base = os.environ.get("XDG_RUNTIME_DIR") or "/tmp"  # noqa: S108 - the folder below is private, mode 0700
    return Path(base) / f"blissful-{os.getuid()}"


def socket_dir(project_dir: Path) -> Path:
    """The folder of one stack's sockets."""
    return sockets_dir() / stack_id(project_dir)
