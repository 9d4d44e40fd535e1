"""What any fixer makes applies with real git, parses, and touches nothing outside of the repository."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.nodes import MappingNode

from agent.domain.fix import Fix, PatchFix, PlaybookFix, Risk
from agent.domain.incident import SuccessRate
from agent.fixes import fixes_for
from agent.fixes.ordering import chance_of, ordered
from agent.fixes.parsing import why_unreadable
from agent.fixes.patches import patch_of
from agent.fixes.paths import why_closed
from agent.fixes.yaml_nodes import (
    YamlUnreadableError,
    child,
    documents_in,
    edited,
    inserting,
    replacing,
    scalar,
    written_as,
)
from tests.unit.agent.fixes.manifests import DEPLOYMENT, INGRESS, KUSTOMIZATION, SERVICE
from tests.unit.agent.fixes.repositories import a_cause, a_project, after_of

TEXT = st.lists(st.sampled_from(["a", "b", "", " x", "ü", "-", "+c", "\r", "\x0b", "\u2028", "@@"]), max_size=40)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40)
@given(before=TEXT, after=TEXT, ends=st.tuples(st.booleans(), st.booleans()))
def test_git_makes_the_second_text_of_the_first(
    before: list[str], after: list[str], ends: tuple[bool, bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    old, new = ("\n".join(lines) + ("\n" if end else "") for lines, end in zip((before, after), ends, strict=True))
    patch = patch_of({"a b.txt": old}, {"a b.txt": new})
    assert bool(patch) == (old != new)
    if not patch or not old or not new:  # an empty file is made or unmade, which no fixer does
        return
    folder = tmp_path_factory.mktemp("tree")
    (folder / "a b.txt").write_bytes(old.encode())
    done = subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (folder / "a b.txt").read_bytes() == new.encode()


def test_far_edits_are_hunks_of_their_own() -> None:
    lines = [f"{number}\n" for number in range(40)]
    patch = patch_of({"f": "".join(lines)}, {"f": "".join(["x\n", *lines[1:39], "y\n"])})
    assert patch.count("@@ ") == 2
    assert len(patch.splitlines()) == 15


@pytest.mark.parametrize(
    "path",
    [
        "../a", "/etc/passwd", "a/../../b", ".git/config", "a/.GIT/hooks/x", ".github/workflows/ci.yml", "a//b", "./a",
        "C:\\x", "a\nb", "", " a", "x/.env", "deploy.key", ".gitmodules", ".blissful/secrets.env", "é.txt", '"a"',
        ".git ", "id_rsa",
    ],
)  # fmt: skip
def test_no_fix_leaves_the_repository_or_touches_what_decides_over_secrets(path: str) -> None:
    assert why_closed(path)
    assert fixes_for(a_cause("oom-killed"), a_project({path: DEPLOYMENT})) == ()


@pytest.mark.parametrize("path", ["a.py", "src/main/kotlin/A.kt", ".env.example", "k8s/base/a b.yaml", "a@b+c.txt"])
def test_ordinary_paths_are_open(path: str) -> None:
    assert why_closed(path) is None


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("a.py", "x = 1\n", "x = (\n"),
        ("a.json", "{}", "{"),
        ("a.toml", "a = 1", "a ="),
        ("a.yml", "a: 1", "a: [1"),
        ("pom.xml", "<a/>", "<a>"),
        ("b.xml", "<a/>", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
        ("A.kt", 'val a = "(" // (\n', "fun a( {\n"),
        ("A.java", "class A { char c = '{'; /* } */ }", "class A {"),
    ],
)
def test_a_file_is_what_its_name_says(path: str, good: str, bad: str) -> None:
    assert why_unreadable(path, good) is None
    assert path in (why_unreadable(path, bad) or "")


BOMB = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
HOSTILE = {
    "bomb.yaml": f"apiVersion: v1\nkind: Deployment\nspec: {{template: {{spec: {{containers: *a}}}}}}\n{BOMB}",
    "deep.yaml": "[" * 60_000,
    "cycle.yaml": "apiVersion: v1\nkind: Deployment\nmetadata: &m {name: app, again: *m}\n"
    "spec: {template: {spec: {containers: [*m]}}}\n",
    "tag.yaml": "kind: !!python/object/apply:os.system ['true']\n",
    "helm.yaml": "{{- if .Values.x }}\nkind: Deployment\n{{- end }}\n",
    "keys.yaml": "? [a, b]\n: c\n? {x: y}\n: d\n",
    "compose.yaml": "services: [1, 2]\n",
    "sub/compose.yaml": "services:\n  app: null\n  b: 3\n",
    "nul.yaml": "a: \x00b\n",
    "list.yaml": "apiVersion: v1\nkind: List\nitems: 7\n",
    "pom.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><project>&a;</project>",
    "package.json": "[" * 100_000,
    "a.py": "(" * 300,
    "Dockerfile": "RUN -Xmx1m" * 1000,
}
CATEGORIES = (
    "oom-killed", "memory-leak", "probe-failing", "image-pull", "configuration-missing", "service-selector",
    "ingress-backend", "connection-pool-exhausted", "load-change", "autoscaler", "dependency-resolution",
    "dependency-unreachable", "configuration-invalid", "port-mismatch",
)  # fmt: skip


@pytest.mark.parametrize("category", CATEGORIES)
def test_hostile_files_break_nothing(category: str) -> None:
    quote = (
        "Readiness probe failed: connection refused; image app:1; KeyError: 'A'; No matching version found for a@1.0.0"
    )
    project = a_project({**HOSTILE, "k8s/app.yaml": DEPLOYMENT})
    for fix in fixes_for(a_cause(category, quote), project):
        after_of(fix, project)


def test_a_bomb_is_not_walked_to_its_end() -> None:
    assert child(documents_in(BOMB)[0], "a") is not None
    with pytest.raises(YamlUnreadableError):
        documents_in("[" * 60_000)


@settings(max_examples=60)
@given(value=WORDS.filter(str.strip), key=st.from_regex(r"[a-zA-Z_]\w{0,12}", fullmatch=True))
def test_a_value_reads_back_as_it_was_meant(value: str, key: str) -> None:
    text = "# head\na: {x: 'one'}  # tail\nb:\n  c: \"two\"   # c\n  d: three\n"
    document = documents_in(text)[0]
    for keys in (("a", "x"), ("b", "c"), ("b", "d")):
        node = child(document, *keys)
        assert node is not None
        edit = replacing(text, node, value)
        assert edit is not None
        if value != scalar(node):
            after = edited(text, [edit])
            assert after is not None
            assert scalar(child(documents_in(after)[0], *keys)) == value
            assert all(comment in after for comment in ("# head\n", "  # tail\n", "   # c\n"))
    for owner in ("a", "b"):
        mapping = child(document, owner)
        assert isinstance(mapping, MappingNode)
        if key in {"x", "c", "d"}:
            continue
        edit = inserting(text, mapping, key, written_as(value, was_text=True), scalars=(value,))
        assert edit is not None
        after = edited(text, [edit])
        assert after is not None
        assert scalar(child(documents_in(after)[0], owner, key)) == value


def test_an_edit_that_would_change_more_than_it_says_is_refused() -> None:
    text = "a: &x {m: 1}\nb: *x\n"
    node = child(documents_in(text)[0], "a", "m")
    assert node is not None
    edit = replacing(text, node, "2")
    assert edit is not None
    assert edited(text, [edit]) == "a: &x {m: 2}\nb: *x\n"  # the alias follows, as it is meant to
    assert edited(text, [type(edit)(edit.start, edit.end, "2, n: 3", edit.written)]) is None
    assert edited(text, [type(edit)(edit.start, edit.end, "[", edit.written)]) is None


def test_windows_line_ends_and_a_missing_last_one_survive() -> None:
    text = "services:\r\n  app:\r\n    build: .\r\n    mem_limit: 1g"
    project = a_project({"compose.yaml": text})
    fix = next(fix for fix in fixes_for(a_cause("oom-killed"), project) if fix.id == "raise-memory-limit")
    assert after_of(fix, project) == {"compose.yaml": text.replace("1g", "2g")}


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("mutation", ["", "\t", "  extra: [", "\u00a0", "&a *a"])
def test_mutated_manifests_give_patches_that_apply_or_none(category: str, mutation: str) -> None:
    texts = {"d.yaml": DEPLOYMENT, "s.yaml": SERVICE, "i.yaml": INGRESS, "k.yaml": KUSTOMIZATION}
    lines = DEPLOYMENT.split("\n")
    quote = "Liveness probe failed: HTTP probe failed with statuscode: 404; connection refused; timed out"
    for place in range(4, len(lines), 12):
        texts["d.yaml"] = "\n".join([*lines[:place], lines[place] + mutation, *lines[place + 1 :]])
        project = a_project(texts)
        for fix in fixes_for(a_cause(category, quote), project):
            after_of(fix, project)


def a_fix(id_: str, *, risk: Risk = Risk.LOW, by_model: bool = False, playbook: bool = False) -> Fix:
    action = PlaybookFix(playbook="up.yml") if playbook else PatchFix(patch="x", base="0")
    return Fix(id=id_, title=id_, why="", action=action, risk=risk, reversible=True, by_model=by_model)


def test_a_teams_own_successes_order_the_fixes() -> None:
    fixes = (a_fix("a"), a_fix("b", risk=Risk.MEDIUM), a_fix("c", by_model=True), a_fix("d", playbook=True), a_fix("e"))
    assert [fix.id for fix in ordered(fixes, ())] == ["a", "e", "b", "d", "c"]
    rates = (SuccessRate("p", "d", 10, 9), SuccessRate("p", "a", 5, 0))
    assert [fix.id for fix in ordered(fixes, rates)] == ["d", "e", "b", "c", "a"]


def test_one_lucky_try_does_not_outweigh_many_good_ones() -> None:
    assert chance_of(a_fix("a"), SuccessRate("p", "a", 1, 1)) < chance_of(a_fix("a"), SuccessRate("p", "a", 20, 19))
