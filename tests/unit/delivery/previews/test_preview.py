"""How previews are called, what their namespaces say, and when they may go."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blissful_infra.delivery.environments import UnknownEnvironmentError, environment_of
from blissful_infra.delivery.previews.options import name_meant, subject_of
from blissful_infra.delivery.previews.preview import (
    BRANCH,
    KEEP,
    LAST_USED,
    PULL_REQUEST,
    TTL,
    InvalidSubjectError,
    Preview,
    Subject,
    annotations_of,
    environment_name,
    labels_of,
    name_of,
    namespace_of,
    preview_environment,
    preview_in,
    seconds_at,
    stamp,
)
from blissful_infra.delivery.previews.previews import NoSuchPreviewError
from blissful_infra.errors import UsageError
from blissful_infra.settings.model import BackingPlace, ProjectConfig

PROJECTS = st.from_regex(r"[a-z][a-z0-9-]{1,38}[a-z0-9]", fullmatch=True)
BRANCHES = st.text(min_size=1, max_size=255).filter(str.isprintable).map(lambda text: Subject(branch=text))
SUBJECTS = BRANCHES | st.integers(1, 10**10 - 1).map(lambda number: Subject(pr=number))
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NOON = 1_800_000_000.0


def a_config(name: str = "my-service", **previews: Any) -> ProjectConfig:
    settings = {"cluster": "somewhere", "domain": "preview.example", **previews}
    return ProjectConfig.model_validate(
        {"name": name, "services": {"app": {"port": 8080, "run": "x"}}, "previews": settings}
    )


def a_namespace(config: ProjectConfig, subject: Subject, **notes: str) -> dict[str, Any]:
    said = annotations_of(subject, owner="ada", ttl="2h", now=NOON) | notes
    name = namespace_of(config.name, name_of(config.name, subject))
    return {"metadata": {"name": name, "labels": labels_of(config.name), "annotations": said, "uid": "1"}}


def a_preview(config: ProjectConfig, subject: Subject, **notes: str) -> Preview:
    found = preview_in(a_namespace(config, subject, **notes), config)
    assert found is not None
    return found


@given(PROJECTS, SUBJECTS)
def test_a_name_is_safe_wherever_it_stands(project: str, subject: Subject) -> None:
    config = a_config(project)
    name = name_of(project, subject)
    environment = preview_environment(config, environment_name(name))
    assert environment is not None
    assert LABEL.fullmatch(environment.namespace)
    assert len(environment_name(name)) <= 40
    assert environment.host is not None
    assert all(LABEL.fullmatch(part) for part in environment.host.split("."))
    assert name_meant(config, name, None, None) == name


@given(SUBJECTS, SUBJECTS)
def test_two_subjects_never_share_a_name(one: Subject, other: Subject) -> None:
    assert (name_of("my-service", one) == name_of("my-service", other)) == (one == other)


@pytest.mark.parametrize("branch", ["feature/login", "feature-login", "Feature/Login", "feature/login/", "pr-12", "12"])
def test_branches_of_one_slug_and_those_called_like_a_pull_request_stay_apart(branch: str) -> None:
    others = ["feature/login", "feature-login", "Feature/Login", "feature/login/", "pr-12", "12"]
    names = [name_of("my-service", Subject(branch=each)) for each in others if each != branch]
    assert name_of("my-service", Subject(branch=branch)) not in {*names, "pr-12", name_of("my-service", Subject(pr=12))}


@pytest.mark.parametrize("facts", [{}, {"branch": "a", "pr": 1}, {"branch": ""}, {"branch": "a\nb"}, {"pr": 0}])
def test_a_subject_is_one_branch_or_one_pull_request(facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidSubjectError):
        Subject(**facts)


@pytest.mark.parametrize(("branch", "pr"), [(None, None), ("a", 1), (None, "x"), (None, "-3"), (None, "9" * 5000)])
def test_options_that_name_nothing_are_refused(branch: str | None, pr: str | int | None) -> None:
    with pytest.raises(InvalidSubjectError):
        subject_of(branch, pr)


def test_a_name_to_delete_is_a_previews_and_named_once() -> None:
    assert name_meant(a_config(), "preview-pr-12", None, None) == "pr-12"
    with pytest.raises(NoSuchPreviewError):
        name_meant(a_config(), "kube-system", None, None)
    with pytest.raises(UsageError):
        name_meant(a_config(), "pr-12", None, 12)


def test_a_preview_is_an_environment_like_the_others() -> None:
    found = environment_of(a_config(replicas=2, overlay="small"), "preview-pr-12")
    assert (found.cluster, found.namespace) == ("somewhere", "my-service-preview-pr-12")
    assert (found.host, found.overlay) == ("my-service-pr-12.preview.example", "small")
    assert (found.replicas, found.backing, found.approve) == (2, BackingPlace.IN_CLUSTER, False)
    assert environment_of(a_config(domain=None), "preview-pr-12").host is None
    for name in ("preview-", "preview-main", "preview-pr-0", "preview-pr-12/../x"):
        with pytest.raises(UnknownEnvironmentError):
            environment_of(a_config(), name)


@given(SUBJECTS)
def test_a_namespace_tells_what_was_written_to_it(subject: Subject) -> None:
    found = a_preview(a_config(), subject)
    assert (found.subject, found.owner, found.created, found.last_used) == (subject, "ada", NOON, NOON)
    assert (found.ttl_s, found.keep, found.ending) == (7200.0, False, False)


@given(st.dictionaries(st.sampled_from([BRANCH, PULL_REQUEST, LAST_USED, TTL]), st.text()))
def test_notes_that_somebody_broke_end_in_no_error_and_no_other_preview(notes: dict[str, str]) -> None:
    config, subject = a_config(), Subject(branch="feature/login")
    found = preview_in(a_namespace(config, subject, **notes), config)
    assert found is None or found.subject == subject


def test_a_time_that_cannot_be_read_is_the_namespaces_age() -> None:
    found = a_preview(a_config(ttl="3h"), Subject(pr=1), **{LAST_USED: "soon", TTL: "long"})
    assert (found.last_used, found.ttl_s) == (NOON, 3 * 3600.0)


@pytest.mark.parametrize("change", [{"labels": {}}, {"labels": labels_of("other")}, {"name": "production"}])
def test_a_namespace_without_the_projects_labels_or_name_is_no_preview(change: dict[str, Any]) -> None:
    config = a_config()
    namespace = a_namespace(config, Subject(pr=1))
    namespace["metadata"] |= change
    assert preview_in(namespace, config) is None


def test_a_preview_is_due_when_its_time_since_the_last_use_is_over_and_it_is_not_kept() -> None:
    config = a_config()
    found = a_preview(config, Subject(pr=1))
    assert (found.due(NOON + 7199), found.due(NOON + 7200)) == (False, True)
    kept = a_namespace(config, Subject(pr=1))
    kept["metadata"]["labels"][KEEP] = "true"
    preview = preview_in(kept, config)
    assert preview is not None
    assert not preview.due(NOON + 10**9)


@given(st.integers(0, 2**33))
def test_a_stamp_is_read_back(seconds: int) -> None:
    assert seconds_at(stamp(seconds)) == seconds


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert isinstance(seconds_at(text), float | None)
