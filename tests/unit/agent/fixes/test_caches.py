"""Caches of three languages get a bound; what is bounded already, or no cache, is left alone."""

import ast
import textwrap

import pytest

from agent.fixes import fixes_for
from agent.fixes.python_caches import bounded_in_python
from tests.unit.agent.fixes.repositories import a_cause, a_project, after_of, only_fix


def python(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


PYTHON = python(
    """
    from functools import cache, partial

    _cache: dict[str, str] = {}


    class Greetings:
        def __init__(self):
            self.cache = {}

        def greet(self, name):
            if name not in self.cache:
                self.cache[name] = f"Hello, {name}!"
            return self.cache[name]


    @cache  # for ever
    def expensive(x):
        _cache[x] = x  # remembered
        return x
    """
)


def test_python_caches_get_a_bound_and_still_work() -> None:
    bounded = bounded_in_python(PYTHON)
    names: dict[str, object] = {}
    exec(compile(bounded, "greetings.py", "exec"), names)
    greetings = names["Greetings"]()  # type: ignore[operator]
    for number in range(3_000):
        assert greetings.greet(str(number)) == f"Hello, {number}!"
        names["expensive"](number)  # type: ignore[operator]
    assert len(greetings.cache) == 1_000
    assert len(names["_cache"]) == 1_000  # type: ignore[arg-type]
    assert names["expensive"].cache_info().maxsize == 1_000  # type: ignore[attr-defined]
    assert "# for ever" in bounded
    assert "# remembered" in bounded


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@functools.lru_cache(maxsize=None)\ndef f(): ...\n", "@functools.lru_cache(maxsize=1000)\ndef f(): ...\n"),
        ("@lru_cache(None, typed=True)\ndef f(): ...\n", "@lru_cache(maxsize=1000, typed=True)\ndef f(): ...\n"),
        ("@functools.cache\ndef f(): ...\n", "@functools.lru_cache(maxsize=1000)\ndef f(): ...\n"),
    ],
)
def test_an_unbounded_decorator_gets_a_size(before: str, after: str) -> None:
    assert bounded_in_python(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "@lru_cache(maxsize=10)\ndef f(): ...\n",
        "@cache\ndef f(): ...\n",  # whose `cache`?
        "names = {}\nnames[1] = 2\n",
        "cache = {}\ncache[1] = 2\nif len(cache) > 9:\n    cache.clear()\n",
        "cache = {}\nif True: cache[1] = 2\n",
        "def broken(:\n",
        "cache = {}\nif x:\n    cache[a] = b; y = 1\n",
    ],
)
def test_what_is_bounded_or_not_understood_stays(text: str) -> None:
    assert bounded_in_python(text) == text


KOTLIN = """\
class GreetingService {
    private val cache = ConcurrentHashMap<String, List<Greeting>>()
    private val memo: MutableMap<String, Int> = HashMap()
    private val names = HashMap<String, Int>()
    private val recent: Cache<String, Int> = Caffeine.newBuilder().build()
    private val bounded = Caffeine.newBuilder()
        .maximumSize(10)
        .build<String, Int>()
}
"""


def test_kotlin_maps_and_builders_get_a_bound() -> None:
    project = a_project({"src/main/kotlin/GreetingService.kt": KOTLIN})
    cause = a_cause("memory-leak", "Unbounded cache", files=("GreetingService.kt:2",))
    text = after_of(only_fix(cause, project, "bound-cache"), project)["src/main/kotlin/GreetingService.kt"]
    assert "private val cache: MutableMap<String, List<Greeting>> =\n" in text
    assert "object : LinkedHashMap<String, Int>(16, 0.75f, true) {" in text
    assert "private val names = HashMap<String, Int>()\n" in text
    assert "Caffeine.newBuilder().maximumSize(1_000).build()" in text
    assert text.count("maximumSize") == 2


def test_a_java_map_gets_a_bound() -> None:
    java = (
        "class A {\n    private final Map<String, List<Integer>> cache = new ConcurrentHashMap<>();\n"
        "    private static final Map<String, Integer> other = new HashMap<>();\n}\n"
    )
    project = a_project({"src/main/java/A.java": java})
    text = after_of(only_fix(a_cause("memory-leak", "the cache grows"), project, "bound-cache"), project)[
        "src/main/java/A.java"
    ]
    assert "return size() > 1000;" in text
    assert "other = new HashMap<>();" in text


def test_only_the_files_that_the_cause_names_are_changed() -> None:
    project = a_project({"app/a.py": PYTHON, "app/b.py": PYTHON})
    fix = only_fix(a_cause("memory-leak", "leak in app/a.py:3"), project, "bound-cache")
    assert list(after_of(fix, project)) == ["app/a.py"]


def test_a_project_without_a_cache_gives_no_such_fix() -> None:
    assert (
        fixes_for(a_cause("memory-leak", "a cache leaks"), a_project({"a.py": "x = {}\n", "b.kt": "val a = 1\n"})) == ()
    )


def test_the_bounded_python_file_is_python() -> None:
    bounded = bounded_in_python(PYTHON.replace("\n", "\r\n"))
    assert ast.dump(ast.parse(bounded)) == ast.dump(ast.parse(bounded_in_python(PYTHON)))
    assert bounded.count("\n") == bounded.count("\r\n")
