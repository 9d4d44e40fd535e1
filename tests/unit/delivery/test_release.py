"""Release records: what they keep, which one a rollback takes, which ones go."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.delivery.release import (
    KEPT,
    MANIFESTS,
    ReleaseRecordError,
    Verdict,
    irreversible_between,
    manifests_kept,
    next_number,
    record_of,
    release_in,
    restorable,
    serving,
    surplus,
)
from tests.unit.delivery.factories import a_release, a_workload, an_object


def test_a_record_gives_back_the_release_and_its_manifests_without_secrets() -> None:
    release = a_release(7, Verdict.FAILED, before=6, reason="it broke", migrations={"V1": True})
    secret = an_object("Secret", stringData={"password": "hunter2"})
    record = record_of(release, [a_workload(), secret], project="app", namespace="shop")
    assert release_in(record) == release
    assert manifests_kept(record) == (a_workload(),)
    assert "hunter2" not in json.dumps(record)
    assert b"hunter2" not in gzip.decompress(base64.b64decode(record["binaryData"][MANIFESTS]))


@pytest.mark.parametrize(
    "data", [{}, {"release.json": "no json"}, {"release.json": "{}"}, {"release.json": '{"verdict": "odd"}'}]
)
def test_a_record_that_is_none_is_refused(data: dict[str, str]) -> None:
    with pytest.raises(ReleaseRecordError):
        release_in({"metadata": {"name": "x"}, "data": data})


@given(st.binary(max_size=200))
def test_any_bytes_are_manifests_or_refused(data: bytes) -> None:
    record = {"binaryData": {MANIFESTS: base64.b64encode(data).decode()}}
    with pytest.raises(ReleaseRecordError):
        manifests_kept(record)


def test_a_record_that_unpacks_to_too_much_is_refused() -> None:
    packed = gzip.compress(b"[" + b" " * 20_000_000 + b"]")
    with pytest.raises(ReleaseRecordError):
        manifests_kept({"binaryData": {MANIFESTS: base64.b64encode(packed).decode()}})


def test_a_rollback_goes_to_the_release_before_the_one_that_serves() -> None:
    releases = [a_release(1), a_release(2, Verdict.FAILED), a_release(3)]
    assert serving(releases) == releases[2]
    assert restorable(releases) == releases[0]
    assert next_number(releases) == 4


def test_after_a_failed_release_the_last_good_one_is_restored() -> None:
    assert restorable([a_release(1), a_release(2), a_release(3, Verdict.FAILED)]) == a_release(2)
    assert restorable([a_release(1), a_release(2, Verdict.PENDING)]) == a_release(1)


def test_a_rollback_never_restores_what_serves_already() -> None:
    same = "r.example/app@sha256:" + "a" * 64
    releases = [a_release(1), a_release(2, image=same), a_release(3, image=same, restores=2)]
    assert restorable(releases) == releases[0]
    assert restorable([a_release(1)]) is None
    assert restorable([]) is None
    assert next_number([]) == 1


def test_the_oldest_records_go_but_never_the_one_that_serves() -> None:
    releases = [a_release(1), *(a_release(number, Verdict.FAILED) for number in range(2, KEPT + 4))]
    assert set(surplus(releases)) == {2, 3}


def test_migrations_that_cannot_be_undone_and_ran_since_are_named() -> None:
    now = a_release(3, migrations={"V1": True, "V2": False, "V3": True})
    assert irreversible_between(now, a_release(1, migrations={"V1": True})) == ("V2",)
    assert irreversible_between(now, a_release(2, migrations={"V1": True, "V2": False})) == ()
    assert irreversible_between(a_release(2), a_release(1)) == ()
