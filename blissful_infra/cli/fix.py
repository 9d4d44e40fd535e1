"""`blissful-infra fix`: what may help against an incident, applied after a yes, verified, and proposed."""

import click
import rich_click

from blissful_infra.cli.command import group
from blissful_infra.cli.output import Output, output_option, print_data, say

FAILED = 10
INCONCLUSIVE = 11
NOT_JUDGED = 14

incident_argument = rich_click.argument("incident", required=False)
yes_option = rich_click.option("-y", "--yes", is_flag=True, help="Do not ask.")
draft_option = rich_click.option(
    "--draft", is_flag=True, help="Ask the model of Ollama for a diff too; its draft comes last and is marked."
)
no_input_option = rich_click.option("--no-input", is_flag=True, help="Never ask; changing needs --yes then.")


@group()
def fix() -> None:
    """Show, apply, verify and propose fixes for an incident.

    \b
    Examples:
      blissful-infra fix show
      blissful-infra fix apply
      blissful-infra fix pr
    """


@fix.command("show")
@incident_argument
@draft_option
@no_input_option
@output_option
def show(incident: str | None, draft: bool, no_input: bool, output: Output) -> None:
    """Show the fixes for an incident, the one with the best chance first.

    \b
    Examples:
      blissful-infra fix show
      blissful-infra fix show 3f2a -o json
    """
    from blissful_infra.cli.fix_choosing import drafting_of
    from blissful_infra.cli.fix_text import lines_of, shape_of_attempt, shape_of_fix, shape_of_incident
    from blissful_infra.cli.fixing import fix_session
    from blissful_infra.cli.terminal import current_terminal

    with fix_session(changing=False) as session:
        found = session.suggested(incident, drafting_of(session, draft=draft, no_input=no_input))
        attempts = session.attempts.of(found.incident.id)
        if session.why_no_diffs:
            say(f"No diffs: {session.why_no_diffs}.", style="yellow")
    if output is not Output.TABLE:
        fixes = [shape_of_fix(fix, found.rate(fix)) for fix in found.fixes]
        document = {"v": 1, "incident": shape_of_incident(found.incident), "fixes": fixes}
        print_data(document | {"attempts": [shape_of_attempt(one) for one in attempts]}, output)
        return
    for line in lines_of(found):
        click.echo(line, color=current_terminal().colour_out)


@fix.command("apply")
@incident_argument
@rich_click.option("--fix", "fix_id", metavar="ID", help="This fix instead of the first one.")
@rich_click.option("--proven", is_flag=True, help="Of each open incident, the fix that mostly helped; needs auto_fix.")
@draft_option
@yes_option
@no_input_option
@rich_click.option("--dry-run", is_flag=True, help="Show it and check that it applies; change nothing.")
@output_option
def apply(
    incident: str | None,
    fix_id: str | None,
    proven: bool,
    draft: bool,
    yes: bool,
    no_input: bool,
    dry_run: bool,
    output: Output,
) -> None:
    """Apply a fix after a yes: a diff as a new branch, a playbook as a run; then look again.

    Your working tree is never touched. The outcome is kept with the incident, the bad ones too.

    \b
    Examples:
      blissful-infra fix apply
      blissful-infra fix apply 3f2a --fix raise-memory-limit --dry-run
    """
    from blissful_infra.cli.fix_choosing import Asked, applied_of

    asked = Asked(incident, fix_id, proven=proven, draft=draft, yes=yes, no_input=no_input, dry_run=dry_run)
    done = applied_of(asked)
    if output is not Output.TABLE:
        print_data({"v": 1, "dry_run": dry_run, "applied": done}, output)


@fix.command("verify")
@incident_argument
@output_option
def verify(incident: str | None, output: Output) -> None:
    """Look again after the last fix of an incident, and keep what came of it.

    Exits 0 when the cause is gone, 10 when it is not, 11 when other causes remain, 14 when nothing could be judged.

    \b
    Examples:
      blissful-infra fix verify
      blissful-infra fix verify 3f2a
    """
    from agent.domain.fix import Result
    from blissful_infra.cli.fix_choosing import verified_of

    attempt, outcome = verified_of(incident)
    if output is not Output.TABLE:
        print_data({"v": 1, "attempt": attempt, "outcome": outcome}, output)
    codes = {Result.RESOLVED: 0, Result.PARTIAL: INCONCLUSIVE, Result.NOT_RUN: NOT_JUDGED}
    raise click.exceptions.Exit(codes.get(Result(outcome["result"]), FAILED))


@fix.command("pr")
@incident_argument
@yes_option
@no_input_option
@rich_click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@output_option
def pr(incident: str | None, yes: bool, no_input: bool, dry_run: bool, output: Output) -> None:
    """Push the branch of the last applied fix and open its pull request.

    What is sent is shown first, without anything that looks like a secret. GitHub's token is read from GITHUB_TOKEN or
    GH_TOKEN; GITHUB_API_URL names a GitHub Enterprise.

    \b
    Examples:
      blissful-infra fix pr --dry-run
      blissful-infra fix pr
    """
    from blissful_infra.cli.fix_choosing import attempted_incident
    from blissful_infra.cli.fix_proposing import opened
    from blissful_infra.cli.fixing import fix_session

    with fix_session(changing=not dry_run) as session:
        found = attempted_incident(session, incident)
        attempt, done = opened(session, found, yes=yes, no_input=no_input, dry_run=dry_run)
    if output is not Output.TABLE:
        request = {"url": done.url, "number": done.number, "existed": done.existed} if done else None
        document = {"v": 1, "dry_run": dry_run, "incident": found.id, "branch": attempt.branch}
        print_data(document | {"pull_request": request}, output)
    elif done:
        click.echo(done.url)
