"""`fix pr`: shows the pull request, asks, pushes the branch and opens it."""

import os
from urllib.parse import urlsplit

from agent.domain.incident import Incident
from blissful_infra.cli.asking import agreed
from blissful_infra.cli.consenting import may_send
from blissful_infra.cli.fixing import FixSession, report_of
from blissful_infra.cli.output import say
from blissful_infra.errors import UsageError
from blissful_infra.fixing.attempts import Attempt
from blissful_infra.fixing.errors import PullRequestError
from blissful_infra.fixing.proposing import newest_branch, propose, provider_for, request_of
from blissful_infra.fixing.pull_requests.provider import Opened
from blissful_infra.settings.consent import Purpose


def opened(
    session: FixSession, incident: Incident, *, yes: bool, no_input: bool, dry_run: bool, asked: bool = False
) -> tuple[Attempt, Opened | None]:
    """The pull request of the newest branch of an incident; None for a dry run or a no. `asked` is a yes just given."""
    repository = session.required_repository()
    attempt = newest_branch(session.attempts, incident, repository)
    remote, provider = provider_for(repository, os.environ)
    request = request_of(attempt, incident, report_of(incident), secrets=_secrets(session))
    say(f"Pull request to {provider.place}: {request.head}")
    say(f"  {request.title}")
    for line in request.body.splitlines():
        say(f"  | {line}")
    if dry_run:
        say("Would push the branch and open it." + (f" But {provider.why_not}." if provider.why_not else ""))
        return attempt, None
    if provider.why_not:
        by_hand = f"`git push {remote.name} {request.head}`, then {provider.by_hand(request)}"
        raise PullRequestError(
            f"the pull request cannot be opened: {provider.why_not}", hint=f"set a token, or do it by hand: {by_hand}"
        )
    host = urlsplit(provider.base_url).hostname or provider.base_url
    if not may_send(Purpose.PULL_REQUEST, host, by_flag=yes, no_input=no_input):
        raise UsageError(f"nobody agreed to send this to {host}", hint="`blissful-infra fix pr --yes`")
    if not agreed(
        "Push the branch and open it?", yes=yes or asked, no_input=no_input, command="blissful-infra fix pr --yes"
    ):
        say("Nothing was sent.")
        return attempt, None
    done = propose(repository, session.attempts, attempt, request, remote, provider)
    say(f"{'There is' if done.existed else 'Created'} PR #{done.number}: {request.head}")
    return attempt, done


def _secrets(session: FixSession) -> tuple[str, ...]:
    from blissful_infra.evidence.secrets import secrets_of

    return secrets_of(session.project)
