"""A Go program that waits for another one, or lets others wait on it, as long as it takes."""

import re
from collections.abc import Iterator

from agent.advice.material import Material
from agent.domain.suggestion import Priority, Suggestion

_SHAPES = (
    (
        re.compile(r"\bhttp\.(?:Get|Post|PostForm|Head)\("),
        "http.Client{Timeout: 5 * time.Second}",
        "the default client",
    ),
    (re.compile(r"\bhttp\.DefaultClient\b"), "http.Client{Timeout: 5 * time.Second}", "the default client"),
    (re.compile(r"\bhttp\.Client\{\s*\}"), "http.Client{Timeout: 5 * time.Second}", "this client"),
    (
        re.compile(r"\bhttp\.ListenAndServe(?:TLS)?\("),
        "http.Server{ReadHeaderTimeout: 5 * time.Second, ...}",
        "this server",
    ),
)


def go_timeouts(material: Material) -> Iterator[Suggestion]:
    """The default HTTP client, clients without a time-out, and the server without one."""
    for path, text in material.of(".go"):
        if path.endswith("_test.go"):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            code = line.partition("//")[0]
            for shape, fix, what in _SHAPES:
                if match := shape.search(code):
                    yield Suggestion(
                        rule="code-timeout",
                        priority=Priority.MEDIUM,
                        subject=f"{match[0]} {code.strip()[:80]}",
                        title=f"{what} has no time-out",
                        why="when the other side hangs, so does this one",
                        fix=fix,
                        evidence=(material.shown(path, number),),
                    )
