"""What an image reference pins.

>>> is_pinned("postgres:18"), is_pinned("registry.example:5000/app"), is_pinned("app:latest")
(True, False, False)
>>> is_pinned("app@sha256:" + "0" * 64)
True
"""

import re

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}\Z")


def is_pinned(reference: str) -> bool:
    """Whether a digest or a tag other than `latest` says which image it is."""
    if _DIGEST.search(reference):
        return True
    return tag_of(reference) not in {"", "latest"}


def tag_of(reference: str) -> str:
    """The tag; empty where there is none."""
    return reference.rpartition("/")[2].partition("@")[0].partition(":")[2]


def name_of(reference: str) -> str:
    """The reference without tag and digest."""
    folder, slash, last = reference.partition("@")[0].rpartition("/")
    return folder + slash + last.partition(":")[0]
