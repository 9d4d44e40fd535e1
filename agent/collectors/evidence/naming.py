"""The names of a bundle's files."""

from urllib.parse import quote


def path_of(folder: str, subject: str, ending: str) -> str:
    """Such as `logs/a%2Fb.log`: the subject percent-encoded, as docs/evidence-bundle.md wants it."""
    return f"{folder}/{quote(subject, safe='')}.{ending}"
