"""Pushes a fix's branch and asks for its pull request; what it says is redacted, and shown before it is sent."""

from collections.abc import Iterable, Mapping

from agent.domain.incident import Incident
from agent.fixes.reports import claims_in
from agent.normalize.redaction import redacted
from blissful_infra.fixing.attempts import Attempt, Attempts
from blissful_infra.fixing.errors import NoFixError, PullRequestError
from blissful_infra.fixing.pull_requests import PROVIDERS
from blissful_infra.fixing.pull_requests.provider import Opened, Provider, PullRequest, Remote, remote_of
from blissful_infra.fixing.repository import GitError, Repository

LONGEST_BODY = 20_000
_QUOTES = 5


def newest_branch(attempts: Attempts, incident: Incident, repository: Repository) -> Attempt:
    """The branch that was made last for an incident and still exists. Raises `NoFixError`."""
    for attempt in reversed(attempts.of(incident.id)):
        if attempt.branch and attempt.state == "applied" and repository.branch_commit(attempt.branch):
            return attempt
    raise NoFixError(
        "no branch with a fix exists for this incident",
        hint=f"`blissful-infra fix apply {incident.id}` makes one",
        context={"incident": f"{incident.id}: {incident.title}"},
    )


def request_of(
    attempt: Attempt, incident: Incident, report: Mapping[str, object], *, secrets: Iterable[str] = ()
) -> PullRequest:
    """The pull request of an attempt, without anything that looks like a secret."""
    causes = claims_in(report)
    lines = [incident.cause, ""]
    if causes:
        lines += ["**Evidence**", ""]
        for quote in causes[0].evidence[:_QUOTES]:
            text = " ".join(quote.text.split())[:300].replace("`", "'")
            lines += [f"- `{text}` ({quote.path})"]
        lines.append("")
    lines += [
        f"**Cause** {incident.category}, {incident.confidence:.0%} sure, in {incident.subject}. "
        f"**Fix** `{attempt.fix_id}`.",
        "",
        f"Suggested by blissful-infra for incident {incident.id}; a person read and applied it.",
    ]
    hidden = tuple(secrets)
    body = redacted("\n".join(lines), hidden)[:LONGEST_BODY]
    return PullRequest(redacted(" ".join(attempt.title.split()), hidden)[:200], body, attempt.branch)


def provider_for(repository: Repository, environ: Mapping[str, str]) -> tuple[Remote, Provider]:
    """The remote to push to and its provider. Raises `PullRequestError`."""
    try:
        names = repository.git("remote").split()
    except GitError:
        names = []
    name = "origin" if "origin" in names or not names else names[0]
    try:
        url = repository.git("config", "--get", f"remote.{name}.url").strip()
    except GitError:
        raise PullRequestError(
            "the repository has no remote to push to", hint="`git remote add origin https://github.com/OWNER/NAME.git`"
        ) from None
    remote = remote_of(name, url)
    if remote is not None:
        for kind in PROVIDERS:
            if provider := kind.for_remote(remote, environ):
                return remote, provider
    raise PullRequestError(
        f"no provider of pull requests is known for {redacted(url)}",
        hint="push the branch and open the request there by hand; GITHUB_API_URL names a GitHub Enterprise",
    )


def propose(
    repository: Repository,
    attempts: Attempts,
    attempt: Attempt,
    request: PullRequest,
    remote: Remote,
    provider: Provider,
) -> Opened:
    """Push the branch, then open the request. Raises `PullRequestError`; doing it again finds what is there already."""
    try:
        repository.git(
            "push", "--quiet", remote.name, f"refs/heads/{attempt.branch}:refs/heads/{attempt.branch}", hooks=True
        )
    except GitError as error:
        raise PullRequestError(
            f"the branch {attempt.branch} could not be pushed to {remote.name}",
            hint=f"`git push {remote.name} {attempt.branch}` shows more",
            context={"git": redacted(str(error)).replace("\n", "; ")[:400]},
        ) from error
    opened = provider.open(request)
    attempts.note(attempt, url=opened.url)
    return opened
