"""What an Application's state means to a release that waits for a commit."""

from typing import Any

import pytest

from blissful_infra.delivery.gitops.application import REFRESH, Step, is_automatic, look_at

OURS, OLDER = "c" * 40, "b" * 40


def an_app(
    *, sync: str = "Synced", revision: str = OURS, operation: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "metadata": {},
        "status": {"sync": {"status": sync, "revision": revision}, "operationState": operation or {}, **more},
    }


def an_operation(phase: str, revision: str = OURS, at: str = "later", **more: Any) -> dict[str, Any]:
    resources = more.pop("resources", [])
    return {"phase": phase, "startedAt": at, "syncResult": {"revision": revision, "resources": resources}, **more}


def look(app: dict[str, Any]) -> tuple[Step, str]:
    found = look_at(app, OURS, earlier="before")
    return found.step, found.detail


def test_synced_at_the_commit_is_done() -> None:
    assert look(an_app(operation=an_operation("Succeeded")))[0] is Step.DONE
    assert look(an_app(operation=an_operation("Failed", OLDER, at="before")))[0] is Step.DONE


def test_a_refresh_that_goes_on_is_waited_for() -> None:
    app = an_app()
    app["metadata"]["annotations"] = {REFRESH: "normal"}
    assert look(app)[0] is Step.WAIT


def test_another_commit_is_not_ours() -> None:
    assert look(an_app(revision=OLDER))[0] is Step.ELSEWHERE


def test_a_difference_that_nobody_syncs_is_asked_for_by_name() -> None:
    differing = [
        {"kind": "Deployment", "name": "app", "status": "OutOfSync"},
        {"kind": "Service", "name": "app", "status": "Synced"},
    ]
    app = an_app(sync="OutOfSync", operation=an_operation("Failed", at="before"), resources=differing)
    assert look(app) == (Step.ASK, "OutOfSync: Deployment/app")
    app["status"]["operationState"] = an_operation("Succeeded")
    assert look(app) == (Step.WAIT, "synced, but still OutOfSync: Deployment/app")


def test_an_operation_of_an_older_commit_is_ended() -> None:
    assert look(an_app(sync="OutOfSync", operation=an_operation("Running", OLDER)))[0] is Step.STOP


def test_a_failed_hook_is_told_while_argo_cd_still_tries() -> None:
    hook = {"kind": "Job", "name": "m", "hookType": "PreSync", "hookPhase": "Failed", "message": "Job has reached\n it"}
    app = an_app(sync="OutOfSync", operation=an_operation("Running", resources=[hook], retryCount=1))
    found = look_at(app, OURS, earlier="before")
    assert (found.step, found.detail, found.lines) == (
        Step.MIGRATION, "Job/m: Job has reached it", ("Job/m: Job has reached it",),
    )  # fmt: skip


def test_what_cannot_be_applied_is_told_after_two_tries() -> None:
    refused = {"kind": "Role", "name": "r", "status": "SyncFailed", "message": "not permitted in project"}
    operation = an_operation("Running", resources=[refused], message="one or more objects failed to apply")
    assert look(an_app(sync="OutOfSync", operation=operation))[0] is Step.WAIT
    assert look(an_app(sync="OutOfSync", operation=operation | {"retryCount": 2}))[0] is Step.FAILED
    assert look(an_app(sync="OutOfSync", operation=operation | {"phase": "Failed"})) == (
        Step.FAILED, "one or more objects failed to apply",
    )  # fmt: skip


def test_a_sync_window_is_named() -> None:
    operation = an_operation("Running", message="Sync operation blocked by sync window")
    step, detail = look(an_app(sync="OutOfSync", operation=operation))
    assert step is Step.FAILED
    assert "sync window" in detail


def test_manifests_that_do_not_render_are_told_and_a_failed_sync_of_before_is_not() -> None:
    conditions = [
        {"type": "SyncError", "message": "Failed last sync attempt"},
        {"type": "ComparisonError", "message": "kustomize build failed"},
        {"type": "OrphanedResourceWarning", "message": "x"},
    ]
    assert look(an_app(sync="Unknown", revision="", conditions=conditions)) == (
        Step.BROKEN, "ComparisonError: kustomize build failed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "automatic"),
    [(None, False), ({}, False), ({"automated": {}}, True), ({"automated": {"enabled": False}}, False)],
)
def test_whether_it_syncs_by_itself(policy: Any, automatic: bool) -> None:
    assert is_automatic({"spec": {"syncPolicy": policy}}) is automatic


def test_an_application_that_argo_cd_has_not_seen_yet_is_waited_for() -> None:
    assert look_at({"metadata": {}}, OURS, earlier=None).step is Step.ELSEWHERE
