"""The pull request as GitHub gets it, redacted; a second one finds the first; every failure says what to do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from blissful_infra.fixing.attempts import Attempt, Attempts
from blissful_infra.fixing.branching import make_branch
from blissful_infra.fixing.errors import NoFixError, PullRequestError
from blissful_infra.fixing.proposing import newest_branch, propose, provider_for, request_of
from blissful_infra.fixing.pull_requests.github import GitHub
from blissful_infra.fixing.pull_requests.provider import PullRequest, Remote, remote_of
from blissful_infra.fixing.repository import Repository
from tests.github import GitHubStandIn, with_remote
from tests.unit.fixing.projects import NOW, a_finding, a_patch, a_repository, an_incident, git, head

REMOTE = Remote("origin", "github.example", "acme", "shop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = a_repository(tmp_path / "shop")
    with_remote(folder, tmp_path / "bare.git")
    return folder


@pytest.fixture
def attempt(folder: Path) -> Attempt:
    attempts = Attempts(folder / ".blissful")
    return make_branch(Repository(folder), attempts, an_incident(), a_patch(head(folder)), NOW)


@pytest.fixture
def github(tmp_path: Path, folder: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "bare.git") as server:
        yield server


def variables(github: GitHubStandIn, token: str = "a-good-token") -> dict[str, str]:
    return {"GITHUB_API_URL": github.url, "GH_TOKEN": token}


def test_the_branch_is_pushed_and_the_request_opened_once(
    folder: Path, attempt: Attempt, github: GitHubStandIn, tmp_path: Path
) -> None:
    repository, attempts = Repository(folder), Attempts(folder / ".blissful")
    remote, provider = provider_for(repository, variables(github))
    incident = an_incident(a_finding(evidence=[{"quote": "password=hunter2 OOM killed", "file": "logs/app.log"}]))
    request = request_of(attempt, incident, json.loads(incident.report))
    opened = propose(repository, attempts, attempt, request, remote, provider)
    assert (opened.number, opened.existed) == (142, False)
    (sent,) = github.pulls
    assert (sent["title"], sent["head"], sent["base"]) == ("Raise the memory limit", attempt.branch, "main")
    assert "hunter2" not in sent["body"]
    assert "OOM killed" in sent["body"]
    assert git(tmp_path / "bare.git", "rev-parse", attempt.branch) == attempt.commit
    assert attempts.all()[-1].url == opened.url
    again = propose(repository, attempts, attempt, request, remote, provider)
    assert (again.url, again.existed) == (opened.url, True)
    assert len(github.pulls) == 1


def test_a_wrong_token_is_told_without_showing_it(folder: Path, github: GitHubStandIn) -> None:
    _, provider = provider_for(Repository(folder), variables(github, token="a-bad-one"))
    with pytest.raises(PullRequestError, match="401: Bad credentials") as caught:
        provider.open(PullRequest("t", "b", "h"))
    assert "GITHUB_TOKEN" in (caught.value.hint or "")
    assert "a-bad-one" not in f"{caught.value} {caught.value.context}"


def test_what_github_refuses_is_told_in_its_words(github: GitHubStandIn) -> None:
    with pytest.raises(PullRequestError, match="head is invalid"):
        GitHub(REMOTE, github.url, "a-good-token").open(PullRequest("t", "b", "no-such-branch"))


@pytest.mark.parametrize("fault", [403, 404, 429, 500, 301])
def test_other_answers_are_errors(tmp_path: Path, fault: int) -> None:
    with GitHubStandIn(tmp_path, fault) as server, pytest.raises(PullRequestError, match=str(fault)):
        GitHub(REMOTE, server.url, "a-good-token").open(PullRequest("t", "b", "h", "main"))


def test_nobody_answers(tmp_path: Path) -> None:
    with GitHubStandIn(tmp_path) as server:
        url = server.url
    with pytest.raises(PullRequestError, match="cannot be reached"):
        GitHub(REMOTE, url, "a-good-token").open(PullRequest("t", "b", "h"))


def test_a_refused_push_is_told(folder: Path, attempt: Attempt, github: GitHubStandIn, tmp_path: Path) -> None:
    hook = tmp_path / "bare.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho this branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    repository = Repository(folder)
    remote, provider = provider_for(repository, variables(github))
    with pytest.raises(PullRequestError, match="could not be pushed") as caught:
        propose(
            repository, Attempts(folder / ".blissful"), attempt, PullRequest("t", "b", attempt.branch), remote, provider
        )
    assert "protected" in caught.value.context["git"]
    assert github.pulls == []


def test_a_token_is_needed_and_never_sent_in_the_clear(folder: Path) -> None:
    _, provider = provider_for(Repository(folder), {"GITHUB_API_URL": "https://github.example/api/v3"})
    assert provider.why_not == "neither GITHUB_TOKEN nor GH_TOKEN is set"
    _, provider = provider_for(Repository(folder), {"GITHUB_API_URL": "http://github.example", "GH_TOKEN": "x"})
    assert "not https" in (provider.why_not or "")
    assert provider.by_hand(PullRequest("t", "b", "fix/a b", "main")).startswith(
        "https://github.example/acme/shop/compare/"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/shop.git", ("github.com", "acme", "shop")),
        ("https://user:word@github.com/acme/shop", ("github.com", "acme", "shop")),
        ("ssh://git@github.example:2222/acme/shop.git", ("github.example", "acme", "shop")),
        ("git@GitHub.com:acme/shop.git", ("github.com", "acme", "shop")),
        ("git@gitlab.com:group/sub/shop.git", ("gitlab.com", "group/sub", "shop")),
        ("/srv/git/shop.git", None),
        ("file:///srv/shop.git", None),
        ("https://github.com/shop", None),
    ],
)
def test_remotes_are_read(url: str, expected: tuple[str, str, str] | None) -> None:
    found = remote_of("origin", url)
    assert (found and (found.host, found.owner, found.repository)) == expected


def test_a_host_of_no_provider_is_told(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "shop")
    with pytest.raises(PullRequestError, match="no remote"):
        provider_for(Repository(folder), {})
    git(folder, "remote", "add", "origin", "https://me:hunter2@gitlab.com/acme/shop.git")
    with pytest.raises(PullRequestError, match="no provider") as caught:
        provider_for(Repository(folder), {})
    assert "hunter2" not in caught.value.message


def test_the_default_hosts(folder: Path) -> None:
    public = GitHub.for_remote(Remote("origin", "github.com", "a", "b"), {"GITHUB_TOKEN": "x"})
    assert public is not None
    assert (public.base_url, public.why_not) == ("https://api.github.com", None)
    own = GitHub.for_remote(Remote("origin", "github.acme.example", "a", "b"), {})
    assert own is not None
    assert own.base_url == "https://github.acme.example/api/v3"
    assert GitHub.for_remote(Remote("origin", "gitlab.com", "a", "b"), {}) is None


def test_a_branch_that_is_gone_cannot_be_proposed(folder: Path, attempt: Attempt) -> None:
    repository, attempts = Repository(folder), Attempts(folder / ".blissful")
    assert newest_branch(attempts, an_incident(), repository) == attempt
    git(folder, "branch", "-D", attempt.branch)
    with pytest.raises(NoFixError, match="no branch"):
        newest_branch(attempts, an_incident(), repository)
