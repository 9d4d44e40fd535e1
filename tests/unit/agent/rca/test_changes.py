"""Which commit is blamed, and when none is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.collectors.bundle import read_bundle
from agent.domain.claim import Claim
from agent.rca.changes import claims_of_changes
from agent.rca.changes.diffs import change_of, place_of
from tests.unit.agent.rca.bundles import a_bundle

HEADER = """version: 1
title: 'orders: failing'
alert: 'orders: failing. Which commit caused this, or did none?'
alert_at: '2026-01-01T13:00:00Z'
asks: [commit]
"""
GUARD = "@@\n-    if user is None:\n-        return ''\n     return user.name\n"
POOL = "@@\n-max_connections: 50\n+max_connections: 5\n"
TIDY = "@@\n-max_connections: 50\n+max_connections: 60\n"
LOOP = "@@\n for line in lines:\n-    line.price = line.old\n+    line.price = catalog.get_price(line.sku)\n"
CALL = "@@\n     store = Store()\n-    register_handlers(store)\n     return store\n"
TTL = "@@\n-  ttl: 15m\n+  ttl: 15s\n"
LIMIT = '@@\n-  "select id from rows order by at limit 50"\n+  "select id from rows order by at"\n'


def claims_in(folder: Path, symptom: str, **diffs: str) -> tuple[Claim, ...]:
    """A commit a diff, named by one letter, each ten minutes before the next, the last after the alert."""
    commits, files = [], {"logs/orders.log": f"INFO started\n{symptom}\n"}
    for place, (name, diff) in enumerate(diffs.items()):
        sha = name[0] * 40
        time = "2026-01-01T13:30:00Z" if name.endswith("_late") else f"2026-01-01T12:{place}0:00Z"
        commits.append({"sha": sha, "time": time, "author": "x", "message": "tidy", "files": ["app/orders.py"]})
        files[f"git/diffs/{sha}.diff"] = diff
    files["git/commits.jsonl"] = "".join(json.dumps(commit) + "\n" for commit in commits)
    return claims_of_changes(read_bundle(a_bundle(folder, HEADER, files)))


@pytest.mark.parametrize(
    ("symptom", "diff", "rule"),
    [
        ("ERROR AttributeError: 'NoneType' object has no attribute 'name'", GUARD, "guard-removed"),
        ("ERROR pool exhausted: could not acquire a connection", POOL, "pool-shrunk"),
        ("WARN slow request: 4120 ms, 310 queries: select price from prices where sku = 1", LOOP, "query-per-item"),
        ("ERROR handler 'refund' not registered", CALL, "call-removed"),
        ("WARN cache miss; read-through to the database", TTL, "cache-lifetime-cut"),
        ("WARN slow query: select id from rows took 900 ms", LIMIT, "query-unbounded"),
        ("WARN slow query: Seq Scan on items", "@@\n+DROP INDEX idx_items_shop;\n", "index-dropped"),
        (
            "WARN cache stampede: 812 concurrent loads",
            "@@\n-v, err, _ := group.Do(key, load)\n+v, err := load()\n",
            "coalescing-gone",
        ),
        ("ERROR ImportError: cannot import name 'X'", "@@\n-urllib3==1.26.18\n+urllib3==2.2.0\n", "version-raised"),
        (
            "ERROR dial tcp: lookup ledger-v2 on 10.96.0.10:53: no such host",
            "@@\n-  ledger_url: http://ledger:8080\n+  ledger_url: http://ledger-v2:8080\n",
            "address-changed",
        ),
        ("ERROR out of memory", "@@\n-const batchSize = 500\n+const batchSize = 90000\n", "batch-raised"),
        ("ERROR 429 rate limit exceeded", "@@\n-  per_second: 1000\n+  per_second: 10\n", "rate-lowered"),
        (
            "ERROR tls: handshake failure: protocol version not supported",
            "@@\n-MinVersion: tls.VersionTLS12,\n+MinVersion: tls.VersionTLS13,\n",
            "tls-settings",
        ),
        ("ERROR deadlock suspected", "@@\n-  defer a.mu.Unlock()\n   return\n", "lock-kept"),
        (
            'ERROR column "tier" does not exist',
            "@@\n+ALTER TABLE customers RENAME COLUMN tier TO level;\n",
            "column-changed",
        ),
        ("ERROR No space left on device", "@@\n-  level: info\n+  level: debug\n", "log-level"),
        ("ERROR ErrImagePull: manifest unknown", "@@\n-  image: acme/web:1\n+  image: acme/web:l\n", "image-changed"),
        (
            "WARN Readiness probe failed: 404",
            "@@\n readinessProbe:\n-  path: /ready\n+  path: /readyz\n",
            "probe-changed",
        ),
    ],
)
def test_the_commit_whose_mechanism_fits_the_symptom_is_blamed(
    tmp_path: Path, symptom: str, diff: str, rule: str
) -> None:
    top = claims_in(tmp_path, symptom, a=diff, b=TIDY)[0]
    assert (top.commit, top.rule, top.subject) == ("a" * 40, rule, "orders")


@pytest.mark.parametrize(
    ("symptom", "diff"),
    [
        ("ERROR ImportError: cannot import name 'X'", "@@\n-urllib3==2.1.0\n+urllib3==2.2.0\n"),
        ("ERROR handler 'refund' not found", '@@\n-  log.Printf("%s %s", r.Method, r.URL.Path)\n'),
        ("ERROR connection refused", "@@\n-  name: ledger\n+  name: books\n"),
    ],
)
def test_what_only_looks_like_a_mechanism_is_innocent(tmp_path: Path, symptom: str, diff: str) -> None:
    assert [claim.commit for claim in claims_in(tmp_path, symptom, a=diff)] == ["none"]


def test_the_changed_line_is_set_in_quotation_marks_so_that_it_can_be_held_against_the_quotes(tmp_path: Path) -> None:
    top = claims_in(tmp_path, "ERROR pool exhausted: could not acquire a connection", a=POOL)[0]
    assert top.cause.endswith('"max_connections: 5"')


def test_a_change_made_after_the_alert_is_innocent(tmp_path: Path) -> None:
    assert claims_in(tmp_path, "ERROR pool exhausted", a_late=POOL)[0].commit == "none"


def test_a_fitting_diff_without_the_symptom_is_innocent(tmp_path: Path) -> None:
    claims = claims_in(tmp_path, "ERROR something else", a=POOL, b=GUARD, c=TTL)
    assert [(claim.commit, claim.rule) for claim in claims] == [("none", "no-mechanism-fits")]


def test_a_file_of_the_stack_trace_is_evidence_of_its_own(tmp_path: Path) -> None:
    claims = claims_in(tmp_path, 'ERROR   File "app/orders.py", line 31, in total', a="@@\n-    x = 1\n+    x = y\n")
    assert [(claim.commit, claim.rule) for claim in claims] == [("a" * 40, "failing-code-changed")]


@pytest.mark.parametrize(
    ("symptom", "rule"),
    [
        ("ERROR tls: x509: certificate has expired or is not yet valid", "certificate-expired"),
        ("WARN Throttling container orders (node CPU contended)", "node-contention"),
        ("FATAL could not write: No space left on device", "disk-full"),
    ],
)
def test_a_cause_outside_of_the_code_clears_every_commit(tmp_path: Path, symptom: str, rule: str) -> None:
    top = claims_in(tmp_path, symptom, a=TIDY, b=POOL)[0]
    assert (top.commit, top.rule) == ("none", rule)


def test_numbers_are_compared_in_their_units_and_moved_lines_are_no_change() -> None:
    change = change_of("@@\n-  a\n-  ttl: 15m\n+  ttl: 900s\n+    a\n")
    assert change.numbers == ()
    (cut,) = change_of("@@\n-DefaultTTL: 15 * time.Minute,\n+DefaultTTL: 15 * time.Second,\n").numbers
    assert (cut.name, cut.before, cut.after) == ("DefaultTTL", 900, 15)


def test_without_commits_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert claims_in(tmp_path, "ERROR pool exhausted") == ()


NUMBERED = """--- a/app/orders.py
+++ b/app/orders.py
@@ -10,5 +10,4 @@ def greeting(user):
     # who it is
-    if user is None:
-        return ''
+    log.debug('greeting')
     return user.name
"""


def test_the_changed_line_is_told_with_its_place(tmp_path: Path) -> None:
    top = claims_in(tmp_path, "ERROR AttributeError: 'NoneType' object has no attribute 'name'", a=NUMBERED)[0]
    assert top.files == ("app/orders.py:11", "app/orders.py")


def test_of_several_changed_lines_the_one_that_the_trace_names_is_told() -> None:
    far = NUMBERED + "@@ -40,2 +39,2 @@\n-    total = price\n+    total = price.net\n     return total\n"
    assert place_of(far, "if user is None:") == "app/orders.py:11"
    assert place_of(far, "if user is None:", near=("app/orders.py", 40)) == "app/orders.py:39"
    assert place_of(far, "if user is None:", near=("app/orders.py", 400)) == "app/orders.py:11"
    assert place_of("@@\n-a\n+b\n", "a") == ""


def test_a_change_that_is_not_committed_is_held_against_the_symptom_like_a_commit(tmp_path: Path) -> None:
    header = "version: 1\ntitle: 'orders: failing'\nalert: 'orders: failing'\n"
    files = {
        "logs/orders.log": "INFO started\nERROR AttributeError: 'NoneType' object has no attribute 'name'\n",
        "git/uncommitted.diff": NUMBERED,
    }
    [top] = claims_of_changes(read_bundle(a_bundle(tmp_path / "one", header, files)))
    assert top.cause.startswith("A change that is not committed ")
    assert (top.commit, top.rule, top.files[0]) == (None, "guard-removed", "app/orders.py:11")
    assert any(quote.path == "git/uncommitted.diff" for quote in top.evidence)
    [asked] = claims_of_changes(read_bundle(a_bundle(tmp_path / "two", header + "asks: [commit]\n", files)))
    assert asked.commit == "none"
    calm = {
        **files,
        "git/uncommitted.diff": NUMBERED.replace("if user is None:", "# a remark").replace("return ''", "#"),
    }
    assert claims_of_changes(read_bundle(a_bundle(tmp_path / "three", header, calm))) == ()


RENAMED = """\
--- a/app/settings.py
+++ b/app/settings.py
@@ -25,2 +25,2 @@
-    postgres_port: Port = 5432
+    postgres_prot: Port = 5432
"""


@pytest.mark.parametrize(
    "said",
    [
        "AttributeError: 'Settings' object has no attribute 'postgres_port'",
        "NameError: name 'postgres_port' is not defined",
        "ImportError: cannot import name 'postgres_port' from 'app.settings'",
        "ReferenceError: postgres_port is not defined",
        "./main.go:12:9: undefined: postgres_port",
        "Unresolved reference 'postgres_port'.",
        "  symbol:   variable postgres_port",
    ],
)
def test_a_name_that_a_commit_took_away_and_that_is_missed_blames_it(tmp_path: Path, said: str) -> None:
    trace = '"stack_trace":"Traceback' + r"\n  File \"/srv/app/x.py\"" * 60 + rf"\n{said}"
    files = {"logs/app.log": '{"log":{"level":"error"},"message":"uncaught error",' + trace + '"}\n'}
    header = "version: 1\ntitle: 'shop: app is unhealthy'\nalert: 'shop: app is unhealthy'\n"
    sha = "8" * 40
    commit = {"sha": sha, "time": "2026-01-01T00:00:00Z", "message": "Rename", "files": ["app/settings.py"]}
    files |= {"git/commits.jsonl": json.dumps(commit) + "\n", f"git/diffs/{sha}.diff": RENAMED}
    [top] = claims_of_changes(read_bundle(a_bundle(tmp_path / "bad", header, files)))
    assert (top.rule, top.commit, top.files[0]) == ("name-taken-away", sha, "app/settings.py:25")
    assert any("postgres_port" in quote.text and quote.text in said for quote in top.evidence)
    moved = RENAMED.replace("+    postgres_prot", "+    # postgres_port moved")
    calm = {**files, f"git/diffs/{sha}.diff": moved}
    assert claims_of_changes(read_bundle(a_bundle(tmp_path / "calm", header, calm))) == ()


@given(st.text(alphabet="+- @ab\n0123,/", max_size=200), st.text(max_size=5))
def test_any_text_is_searched_for_a_place(diff: str, line: str) -> None:
    place = place_of(diff, line)
    assert place == "" or place.rpartition(":")[2].isdigit()
