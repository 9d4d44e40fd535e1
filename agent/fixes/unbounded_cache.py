"""A cache that only grows gets a bound: Python, Kotlin and Java, where a file holds one that can be told by its name.

The bound is a guess that the pull request shows; what matters is that there is one.
"""

import re
from collections.abc import Callable, Iterator

from agent.domain.claim import Claim
from agent.domain.fix import Fix
from agent.fixes.drafting import Draft
from agent.fixes.project import Project
from agent.fixes.python_caches import bounded_in_python
from agent.fixes.telling import words_of

BOUND = 1_000
_CACHE_WORDS = re.compile(r"(?i)cach|memo(?:is|iz)|unbounded|leak")
_TYPES = r"(?P<types>[^<>\n;={}()]{1,80}(?:<[^<>\n;={}()]{1,60}>[^<>\n;={}()]{0,20}){0,3})"
_NAME = r"(?P<name>\w*(?:[cC]ache|CACHE|[mM]emo(?:ized)?|MEMO)\w*)"
_KOTLIN = re.compile(
    rf"(?m)^(?P<head>[ \t]*(?:(?:private|internal|public|protected|@\w+)\s+)*val\s+{_NAME})"
    rf"(?:\s*:\s*(?:Mutable|Hash|LinkedHash|ConcurrentHash|Concurrent)?Map<{_TYPES.replace('types', 'declared')}>)?"
    rf"\s*=\s*(?:java\.util\.(?:concurrent\.)?)?(?:mutableMapOf|hashMapOf|linkedMapOf|HashMap|LinkedHashMap|ConcurrentHashMap)"
    rf"(?:<{_TYPES}>)?\(\)[ \t]*$"
)
_JAVA = re.compile(
    rf"(?m)^(?P<head>[ \t]*(?:(?:private|protected|public|static|final)\s+)*)(?:java\.util\.)?"
    rf"(?:Concurrent)?Map<{_TYPES}>\s+{_NAME}\s*=\s*new\s+(?:java\.util\.(?:concurrent\.)?)?"
    rf"(?:HashMap|LinkedHashMap|ConcurrentHashMap)<[^>;\n]*>+\(\)\s*;[ \t]*$"
)
_BUILDER = re.compile(r"\b(?:Caffeine|CacheBuilder)\s*\.\s*newBuilder\(\)")
_BOUNDED = re.compile(r"\.\s*(?:maximumSize|maximumWeight|expireAfter\w*|weakKeys|weakValues|softValues)\b")
_SOURCES: dict[str, Callable[[str], str]] = {
    ".py": bounded_in_python,
    ".kt": lambda text: _KOTLIN.sub(_kotlin_map, _bounded_builders(text, "_")),
    ".java": lambda text: _JAVA.sub(_java_map, _bounded_builders(text, "_")),
}


def bound_cache(cause: Claim, project: Project) -> Iterator[Fix]:
    """One diff for all files that the cause names; where it names none, for those whose words speak of a cache."""
    if cause.category not in {"memory-leak", "oom-killed", "cache-full", "memory-saturation"}:
        return
    named = [file.rpartition(":")[0] or file for file in cause.files]
    named += re.findall(r"[\w./-]+\.(?:kt|java|py)\b", words_of(cause))
    if not named and not _CACHE_WORDS.search(words_of(cause)) and cause.category != "oom-killed":
        return
    draft, touched = Draft(project), []
    for path, text in project.texts.items():
        bounded = _SOURCES.get(path[path.rfind(".") :]) if "." in path else None
        if bounded is None or re.search(r"(?:^|/)(?:src/test|tests?)/", path):
            continue
        if named and not any(path == name or path.endswith(f"/{name.rsplit('/', 1)[-1]}") for name in named):
            continue
        result = bounded(text)
        if result != text:
            draft.write(path, result)
            touched.append(path)
    fix = draft.fix(
        "bound-cache",
        f"Add a bound to the cache in {', '.join(touched)}",
        f"It keeps every entry for ever; with the bound of {BOUND} the oldest entries go first.",
    )
    if fix:
        yield fix


def _kotlin_map(found: re.Match[str]) -> str:
    types = found["types"] or found["declared"]
    if not types:
        return found[0]
    margin, both = _margin(found["head"]), types.strip()
    return (
        f"{found['head']}: MutableMap<{both}> =\n"
        f"{margin}    java.util.Collections.synchronizedMap(\n"
        f"{margin}        object : LinkedHashMap<{both}>(16, 0.75f, true) {{\n"
        f"{margin}            override fun removeEldestEntry(eldest: MutableMap.MutableEntry<{both}>) ="
        f" size > {BOUND}\n"
        f"{margin}        }},\n"
        f"{margin}    )"
    )


def _java_map(found: re.Match[str]) -> str:
    margin = _margin(found["head"])
    types = found["types"].strip()
    return (
        f"{found['head']}java.util.Map<{types}> {found['name']} = java.util.Collections.synchronizedMap(\n"
        f"{margin}        new java.util.LinkedHashMap<{types}>(16, 0.75f, true) {{\n"
        f"{margin}            @Override\n"
        f"{margin}            protected boolean removeEldestEntry(java.util.Map.Entry<{types}> eldest) {{\n"
        f"{margin}                return size() > {BOUND};\n"
        f"{margin}            }}\n"
        f"{margin}        }});"
    )


def _margin(head: str) -> str:
    return head[: len(head) - len(head.lstrip(" \t"))]


def _bounded_builders(text: str, grouping: str) -> str:
    """`.maximumSize` for each builder whose chain, up to its `build`, has no bound."""
    result, at = [], 0
    for found in _BUILDER.finditer(text):
        chain = text[found.end() : found.end() + 600].partition("build")[0]
        result.append(text[at : found.end()])
        at = found.end()
        if not _BOUNDED.search(chain):
            result.append(f".maximumSize({BOUND:{grouping}})")
    return "".join([*result, text[at:]])
