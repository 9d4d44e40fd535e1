"""Differences for people: only what changes, and no secret."""

from blissful_infra.delivery.kubernetes.diffing import Change, ObjectDiff, diff_of, lines_of, summary_of
from tests.unit.delivery.factories import an_object


def test_what_the_server_adds_is_no_change() -> None:
    live = an_object("Service", spec={"ports": [80]}, status={"loadBalancer": {}})
    live["metadata"] |= {
        "uid": "1",
        "resourceVersion": "2",
        "generation": 3,
        "managedFields": [],
        "creationTimestamp": "x",
    }
    live["metadata"]["annotations"] = {"blissful-infra.dev/release": "1", "deployment.kubernetes.io/revision": "4"}
    assert diff_of("Service/app", live, an_object("Service", spec={"ports": [80]})).change is Change.SAME


def test_a_change_shows_its_lines() -> None:
    found = diff_of("Service/app", an_object("Service", spec={"a": 1}), an_object("Service", spec={"a": 2}))
    assert found.change is Change.CHANGE
    assert "-  a: 1" in found.lines
    assert "+  a: 2" in found.lines


def test_created_and_removed_objects_are_named() -> None:
    diffs = [diff_of("A/a", None, {}), diff_of("B/b", {}, None), ObjectDiff("C/c", Change.SAME)]
    assert summary_of(diffs) == "1 create, 1 remove, 1 same"
    assert [line.split() for line in lines_of(diffs)] == [["create", "A/a"], ["remove", "B/b"]]
    assert summary_of([]) == "nothing"


def test_the_values_of_a_secret_are_not_shown() -> None:
    old, new = an_object("Secret", data={"a": "b2xk"}), an_object("Secret", data={"a": "bmV3", "c": "eA=="})
    found = diff_of("Secret/app", old, new)
    assert found.change is Change.CHANGE
    assert "bmV3" not in "".join(found.lines)
    assert "b2xk" not in "".join(found.lines)
