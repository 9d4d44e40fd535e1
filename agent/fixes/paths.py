"""Which paths a fix may change: inside the repository, and nothing that decides what runs with which secrets."""

import re

_PLAIN = re.compile(r"[A-Za-z0-9_@+,=~. -]+(?:/[A-Za-z0-9_@+,=~. -]+)*")
_CLOSED = frozenset({".git", ".github", ".gitlab", ".blissful", ".ssh"})
_CLOSED_FILES = re.compile(
    r"(?i)\.git(?:modules|attributes|config|ignore)|\.env|\.netrc|.*\.(?:pem|key|p12|jks)|id_\w+"
)


def why_closed(path: str) -> str | None:
    """Why no fix may change this path; `None` where one may.

    >>> why_closed("../etc/passwd"), why_closed("src/app.py")
    ('../etc/passwd leads out of the repository', None)
    """
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ".." in parts or "" in parts or "." in parts or ":" in path:
        return f"{path[:200]!s} leads out of the repository"
    if not _PLAIN.fullmatch(path) or len(path) > 400 or path != path.strip():
        return f"{path[:200]!a} is not a plain path"
    if any(part.lower().rstrip(". ") in _CLOSED for part in parts):
        return f"{path} belongs to a folder that fixes stay out of"
    if _CLOSED_FILES.fullmatch(parts[-1]):
        return f"{path} may hold secrets or decides what git does"
    return None
