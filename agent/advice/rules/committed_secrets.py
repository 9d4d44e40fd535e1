"""A secret that git keeps, for everybody who can read the repository, for ever."""

import re
from collections.abc import Iterator

from agent.advice.material import Material, is_sample
from agent.domain.suggestion import Priority, Shown, Suggestion

_CERTAIN = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b")),
    ("a token of Slack", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}\b")),
)
_ASSIGNED = re.compile(
    r"(?i)^[\s\-\"']*(?:export\s+)?(?P<key>[\w.\-]*(?:password|passwd|secret|token|api_?key|access_?key))[\"']?\s*[:=]\s*"
    r"(?P<value>[\"']?[^\s\"'#,;]{6,}[\"']?)"
)
_PLACEHOLDER = re.compile(
    r"[$<{%@]|change|example|placeholder|dummy|your|xxx|\*\*\*|todo|secret_?(?:name|key|ref)|/run/", re.I
)
_CONFIGURATION = (".yaml", ".yml", ".properties", ".env", ".ini", ".toml", ".json", ".cfg", ".conf", ".tfvars")
_LOCKS = re.compile(r"(?:^|/)(?:[\w.-]*\.lock|[\w-]*lock[\w-]*\.(?:json|yaml))\Z")
_ENV_FILE = re.compile(r"(?:^|/)\.env(?:\.(?!example|sample|template|dist)[\w-]+)?\Z")
_MOST = 50


def committed_secrets(material: Material) -> Iterator[Suggestion]:
    """Keys and tokens by their shape, passwords written out in configuration; what git does not keep is left out."""
    found = 0
    for path, text in material.files.texts.items():
        if material.files.committed is not None and path not in material.files.committed:
            continue
        if is_sample(path) or _LOCKS.search(path):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            what = _secret(path, line[:2_000])
            if what and found < _MOST:
                found += 1
                yield _leak(what, material.shown(path, number))


def _secret(path: str, line: str) -> str:
    for what, shape in _CERTAIN:
        if shape.search(line):
            return what
    if not (path.endswith(_CONFIGURATION) or _ENV_FILE.search(path)):
        return ""
    match = _ASSIGNED.match(line)
    if match and not _PLACEHOLDER.search(match["value"]) and not match["value"].strip("\"'").isalpha():
        return f"the value of {match['key']}"
    return ""


def _leak(what: str, shown: Shown) -> Suggestion:
    return Suggestion(
        rule="committed-secret",
        priority=Priority.HIGH,
        subject=what,
        title=f"{shown.place} holds {what}",
        why="whoever reads the repository, now or later, has it; removing the line does not remove it from history",
        fix="change the secret where it is valid, then read it from the environment or from a Secret",
        evidence=(shown,),
    )
