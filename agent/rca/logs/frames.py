"""The line of a program's own code that a stack trace names.

`at com.acme.Shop.pay(Shop.kt:47)`, `File "/app/shop.py", line 47, in pay`, `at pay (/app/src/shop.js:47:9)`,
`/src/shop/main.go:47 +0x1d`, `in /src/Shop.cs:line 47`, `from shop.rb:47:in`.
"""

import re
from collections.abc import Sequence

_JAVA = re.compile(r"^\s*at (?P<where>[\w.$<>/]+)\((?P<file>[\w$]+\.(?:java|kt|scala|groovy)):(?P<line>\d+)\)")
_PYTHON = re.compile(r'File "(?P<where>(?:[^"]*/)?(?P<file>[^"/]+\.py))", line (?P<line>\d+)')
_NODE = re.compile(
    r"^\s*at .*?\(?(?P<where>(?:file://)?[\w./@-]*?(?P<file>[\w.-]+\.[cm]?[jt]sx?)):(?P<line>\d+):\d+\)?"
)
_GO = re.compile(r"^\s+(?P<where>\S*?(?P<file>[\w.-]+\.go)):(?P<line>\d+)")
_DOTNET = re.compile(r"^\s*at .* in (?P<where>\S*?(?P<file>[\w.-]+\.cs)):line (?P<line>\d+)")
_RUBY = re.compile(r"^\s*(?:from )?(?P<where>\S*?(?P<file>[\w.-]+\.rb)):(?P<line>\d+):in ")
_SHAPES = (_JAVA, _PYTHON, _DOTNET, _NODE, _GO, _RUBY)
_FOREIGN = re.compile(
    r"^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|org|io|reactor|feign|okhttp3|retrofit2|ch\.qos|"
    r"com\.(?:zaxxer|mysql|mongodb|fasterxml|netflix|google|rabbitmq|alibaba\.druid|datastax))\.|"
    r"site-packages|dist-packages|/lib/python|node_modules|node:|internal/|/usr/local/go/|/go/pkg/mod/|vendor/|"
    r"\bSystem\.|Microsoft\.|/gems/|<frozen"
)


def frame_in(lines: Sequence[str]) -> tuple[str, str] | None:
    """(`file:line`, the line that says so) of the program's own frame nearest to the error; else of the nearest.

    Python tells the nearest last, the others first.
    """
    found = [(match, line) for line in lines for shape in _SHAPES if (match := shape.search(line)) is not None]
    if not found:
        return None
    if any(match.re is _PYTHON for match, _ in found):
        found.reverse()
    own = [one for one in found if not _FOREIGN.search(one[0]["where"])]
    match, line = (own or found)[0]
    return f"{match['file']}:{match['line']}", line


def is_frame(line: str) -> bool:
    """Whether the line is part of a stack trace and complains of nothing by itself."""
    return line[:1] in " \t" and any(shape.search(line) for shape in _SHAPES)
