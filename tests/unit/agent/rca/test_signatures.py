"""Failure signatures: what they find, what they name, and what they leave alone."""

import re
import time
from pathlib import Path

import pytest

from agent.diagnosing import claims_of_signatures, diagnose, shipped_patterns
from agent.domain.claim import Claim
from agent.domain.investigation import Document, Investigation, LogFile
from agent.rca.signatures import patterns_of
from tests.unit.agent.rca.bundles import a_bundle

TAXONOMY = Path(__file__).parents[4] / "docs" / "taxonomy.md"
EVENT = "Name:   shop-7d4b9c6f5d-abcde\nStatus: Pending\n{ready}Events:\n  Warning  {reason}  2m  kubelet  {message}\n"


def of_log(line: str) -> tuple[Claim, ...]:
    log = LogFile("shop-7d4b9c6f5d-abcde", "logs/shop-7d4b9c6f5d-abcde.log", ("started", line, "bye"))
    return claims_of_signatures(Investigation(title="why is shop down?", alert="", logs=(log,)))


def of_event(reason: str, message: str, ready: str = "") -> tuple[Claim, ...]:
    text = EVENT.format(reason=reason, message=message, ready=ready)
    document = Document("kubernetes/describe-pod.txt", text)
    return claims_of_signatures(Investigation(title="why is shop down?", alert="", kubernetes=(document,)))


def test_of_a_json_line_the_cause_tells_the_message() -> None:
    line = '{"@timestamp":"2026-01-01T12:00:00Z","message":"getaddrinfo ENOTFOUND ledger.internal","pid":7}'
    (claim,) = of_log(line)
    assert claim.cause.endswith('Seen: "getaddrinfo ENOTFOUND ledger.internal"')
    assert claim.evidence[0].text == line


@pytest.mark.parametrize(
    ("line", "category", "named"),
    [
        ("dial tcp: lookup ledger.internal: no such host", "dns-resolution", "ledger.internal"),
        ("Error: getaddrinfo ENOTFOUND ledger.internal", "dns-resolution", "ledger.internal"),
        ("java.lang.OutOfMemoryError: Java heap space", "oom-killed", "Java heap space"),
        ("x509: certificate has expired or is not yet valid", "certificate-expired", "certificate has expired"),
        ("x509: certificate signed by unknown authority", "tls", "unknown authority"),
        ("server at db:27017 reports wire version 0, but this driver needs 6", "dependency-incompatible", "driver"),
        ('err="failed to connect to postgres at db:5432"', "dependency-unreachable", "postgres"),
        ('FATAL: password authentication failed for user "shop"', "database-authentication", "shop"),
        ("FATAL: sorry, too many clients already", "connection-pool-exhausted", "too many clients"),
        ("ERROR: deadlock detected", "concurrency", "deadlock"),
        ("cannot execute INSERT in a read-only transaction", "database-read-only", "INSERT"),
        ('ERROR: relation "orders" does not exist', "migration-failed", "orders"),
        ("kafka.errors.NoBrokersAvailable: NoBrokersAvailable", "kafka-broker", "NoBrokersAvailable"),
        ("write /data/x: no space left on device", "disk-full", "no space left"),
        ("accept tcp: too many open files", "file-handles", "too many open files"),
        ("OOM command not allowed when used memory > 'maxmemory'", "cache-full", "OOM command"),
        ("listen tcp :8080: bind: address already in use", "port-conflict", "address already in use"),
        ("ModuleNotFoundError: No module named 'ledger'", "module-missing", "ledger"),
        ("KeyError: 'DATABASE_URL'", "configuration-missing", "DATABASE_URL"),
    ],
)
def test_a_log_line_tells_the_cause_and_its_value(line: str, category: str, named: str) -> None:
    first = of_log(line)[0]
    assert (first.category, first.subject) == (category, "shop")
    assert named in first.cause
    assert first.evidence[0].text == line


@pytest.mark.parametrize(
    ("reason", "message", "category", "named"),
    [
        ("Failed", 'Failed to pull image "acme/shop:9": not found', "image-pull", "acme/shop:9"),
        ("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found', "storage-class-missing", "fast"),
        ("FailedMount", 'configmap "shop-settings" not found', "configuration-missing", "shop-settings"),
        ("Failed", 'Error: secret "shop-token" not found', "configuration-missing", "shop-token"),
        ("Failed", "Error: couldn't find key url in ConfigMap a/b", "configuration-missing", "url"),
        ("FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", "insufficient-resources", "cpu"),
        (
            "FailedScheduling",
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
            "scheduling-constraint",
            "affinity/selector",
        ),
        (
            "FailedScheduling",
            "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: true}.",
            "scheduling-constraint",
            "gpu: true",
        ),
        ("FailedCreate", "forbidden: exceeded quota: team, requested: pods=1", "quota-exceeded", "team"),
        ("Unhealthy", "Liveness probe failed: HTTP statuscode: 404", "probe-failing", "404"),
        ("FailedCreate", 'error looking up: serviceaccount "bot" not found', "service-account-missing", "bot"),
        ("Evicted", "The node was low on resource: memory.", "node-pressure", "memory"),
    ],
)
def test_an_event_tells_the_cause_of_the_object_it_stands_in(
    reason: str, message: str, category: str, named: str
) -> None:
    first = of_event(reason, message)[0]
    assert (first.category, first.subject) == (category, "shop")
    assert named in first.cause


def test_who_may_not_do_what_is_named() -> None:
    line = 'pods is forbidden: User "system:serviceaccount:a:bot" cannot list resource "pods" in API group ""'
    assert "system:serviceaccount:a:bot is forbidden, it cannot list pods" in of_log(line)[0].cause


def test_an_event_that_the_pod_got_over_weighs_less() -> None:
    message = "0/3 nodes are available: 3 Insufficient cpu."
    now = of_event("FailedScheduling", message)[0].strength
    past = of_event("FailedScheduling", message, ready="Conditions:\n  Ready    True\n")[0].strength
    assert past < now / 2


def test_common_lines_are_no_failure() -> None:
    calm = ("GET /health 200", "connected to postgres", "retries=0 timeout=30s", "consumer joined group", "no errors")
    assert [claim for line in calm for claim in of_log(line)] == []


def test_a_hostile_value_is_text_only() -> None:
    assert "{subject.__class__}" in of_log("Could not resolve host: a.b {subject.__class__}")[0].cause


def test_a_hundred_thousand_lines_are_passed_over_fast() -> None:
    lines = tuple(f"2026-01-01T00:00:00Z INFO request {number} handled in 3 ms" for number in range(100_000))
    log = LogFile("shop", "logs/shop.log", (*lines, "no space left on device"))
    began = time.process_time()
    claims = claims_of_signatures(Investigation(title="t", alert="", logs=(log,)))
    assert [claim.category for claim in claims] == ["disk-full"]
    assert time.process_time() - began < 3


def test_every_pattern_has_a_published_category_and_ids_are_unique() -> None:
    published = set(re.findall(r"^\| `([a-z0-9-]+)` \|", TAXONOMY.read_text(encoding="utf-8"), re.MULTILINE))
    patterns = shipped_patterns()
    assert {pattern.category for pattern in patterns} <= published
    assert len({pattern.id for pattern in patterns}) == len(patterns)
    assert all(
        pattern.cause.format_map({**dict.fromkeys(pattern.regex.groupindex, ""), "subject": ""}) for pattern in patterns
    )
    assert all(literal == literal.lower() for pattern in patterns for literal in pattern.literals)


def test_a_wrong_pattern_is_named() -> None:
    with pytest.raises(ValueError, match="'torn'"):
        patterns_of([{"id": "torn", "category": "tls", "literals": ["x"], "regex": "(", "cause": "", "strength": 1}])


def test_the_diagnosis_of_a_bundle_speaks_of_the_failure(tmp_path: Path) -> None:
    bundle = a_bundle(tmp_path, files={"logs/shop.log": "write: no space left on device\n"})
    assert diagnose(bundle).findings[0].claim.category == "disk-full"


def test_a_consumer_that_calls_out_for_each_message_is_slow_where_messages_are_asked_about() -> None:
    lines = tuple(f"{verb} parcel label {number}" for number in range(40) for verb in ("Fetching", "Got"))
    log = LogFile("labels-7d4b9c6f5d-abcde", "logs/labels.log", lines)
    (claim,) = claims_of_signatures(Investigation(title="why does the topic lag?", alert="", logs=(log,)))
    assert (claim.category, claim.subject) == ("slow-consumer", "labels")
    assert "Fetching parcel label" in claim.cause
    assert claims_of_signatures(Investigation(title="is it well?", alert="", logs=(log,))) == ()


def test_an_event_without_its_object_belongs_to_what_its_file_describes() -> None:
    event = '  Warning  Failed  2s  kubelet  Failed to pull image "shop/web:2": not found'
    described = Document("kubernetes/describe-pod-web-5d98ffcfd-tz4nc.txt", event)
    seen = Investigation(title="", alert="", kubernetes=(described,))
    assert {claim.subject for claim in claims_of_signatures(seen)} == {"web"}


@pytest.mark.parametrize(
    ("path", "line", "subject"),
    [
        (
            "kubernetes/events.txt",
            '3s   Warning   FailedGetScale   horizontalpodautoscaler/stream   deployments.apps "stream-api" not found',
            "stream",
        ),
        ("kubernetes/describe-deployment-web.txt", "  Progressing    False   ProgressDeadlineExceeded", "web"),
        (
            "kubernetes/describe-job-web.txt",
            "      JOB_ERROR:   schema version 41 found, 43 or newer is needed: run the migrations first",
            "web",
        ),
    ],
)
def test_the_subject_is_an_object_never_an_age_or_a_heading(path: str, line: str, subject: str) -> None:
    evidence = Investigation(title="t", alert="why?", kubernetes=(Document(path, f"{line}\n"),))
    assert {claim.subject for claim in claims_of_signatures(evidence)} == {subject}


@pytest.mark.parametrize(("suspended", "rules"), [("True", ["cron-job-suspended"]), ("False", [])])
def test_a_suspended_cron_job_is_seen_in_its_table(suspended: str, rules: list[str]) -> None:
    head = "NAME             SCHEDULE    TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE"
    row = f"backup-nightly   0 2 * * *   <none>     {suspended}      0        2d8h            90d"
    table = Document("kubernetes/get-cronjob.txt", f"{head}\n{row}\n")
    claims = claims_of_signatures(Investigation(title="no backup", alert="no backup", kubernetes=(table,)))
    assert [(claim.rule, claim.subject) for claim in claims] == [(rule, "backup-nightly") for rule in rules]


def test_the_output_of_another_tool_is_read_and_a_runbook_is_not() -> None:
    text = "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n"
    for path, subjects in (("notes/helm.txt", ["payments"]), ("notes/runbook.txt", [])):
        note = Document(path, f"$ helm upgrade payments ./chart\n{text}")
        found = claims_of_signatures(Investigation(title="payments is old", alert="", notes=(note,)))
        assert [claim.subject for claim in found] == subjects


@pytest.mark.parametrize(("end", "rules"), [(4482211, ["group-lags"]), (1201531, [])])
def test_a_group_that_is_far_behind_is_a_slow_consumer(end: int, rules: list[str]) -> None:
    row = f"stats-writer  clicks  0  1201331  {end}  {end - 1201331}  c-1  /10.1.1.7  c-1\n"
    head = "GROUP  TOPIC  PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST  CLIENT-ID\n"
    note = Document("notes/kafka-consumer-groups.txt", head + row)
    found = claims_of_signatures(Investigation(title="dashboards are old", alert="", notes=(note,)))
    assert [claim.rule for claim in found] == rules


def test_a_number_longer_than_any_offset_is_none() -> None:
    row = f"stats-writer  clicks  0  {'1' * 5000}  {'9' * 5000}  {'8' * 5000}  c-1  /10.1.1.7  c-1\n"
    note = Document("notes/kafka-consumer-groups.txt", row)
    assert claims_of_signatures(Investigation(title="dashboards are old", alert="", notes=(note,))) == ()


def test_of_whom_a_line_complains_is_said_not_to_serve_the_one_that_complains() -> None:
    logs = (
        LogFile("shop", "logs/shop.log", ("ERROR GET http://stock/7: dial tcp 10.0.0.1:80: i/o timeout",)),
        LogFile("stock", "logs/stock.log", ("INFO up",)),
    )
    (claim,) = claims_of_signatures(Investigation(title="shop is slow", alert="", logs=logs))
    assert claim.subject == "stock"
    assert claim.cause.startswith("stock does not serve shop. What shop waits for")


@pytest.mark.parametrize(
    ("lines", "rule", "named"),
    [
        (
            ("1 validation error for Settings", "database_url", "  Field required [type=missing, input_type=dict]"),
            "settings-class",
            "The setting database_url of shop is missing or not accepted: Field required",
        ),
        (
            ("thread 'main' panicked at src/book.rs:41:9:", "index out of bounds: the len is 0"),
            "rust-panic",
            "out of bounds",
        ),
    ],
)
def test_a_failure_that_is_told_on_several_lines_is_read_whole(lines: tuple[str, ...], rule: str, named: str) -> None:
    log = LogFile("shop", "logs/shop.log", ("INFO up", *lines, "bye"))
    claims = claims_of_signatures(Investigation(title="shop is down", alert="", logs=(log,)))
    (claim,) = [claim for claim in claims if claim.rule == rule]
    assert named in claim.cause


def test_a_long_chain_of_errors_is_told_with_its_end() -> None:
    chain = (
        "ERROR could not connect to postgres: " + ": ".join(f"layer {number}" for number in range(30)) + ": no route"
    )
    (claim, *_) = of_log(chain)
    assert claim.cause.endswith('layer 29: no route"')
