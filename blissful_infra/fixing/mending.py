"""What a killed `fix apply` left behind: told, and brought to an end."""

from blissful_infra.fixing.attempts import Attempts
from blissful_infra.fixing.repository import Repository


def mend(repository: Repository | None, attempts: Attempts) -> list[str]:
    """One line for each attempt that never ended; the caller is alone, so nobody is still at it."""
    told = []
    for attempt in attempts.all():
        if attempt.state != "open":
            continue
        if repository and attempt.commit and repository.branch_commit(attempt.branch) == attempt.commit:
            attempts.note(attempt, state="applied")
            told.append(f"an interrupted `fix apply` had made the branch {attempt.branch}: it is complete, and kept")
        elif attempt.branch:
            attempts.note(attempt, state="failed")
            told.append(f"an interrupted `fix apply` of {attempt.fix_id} had changed nothing yet; run it again")
        else:
            attempts.note(attempt, state="applied")
            told.append(
                f"an interrupted `fix apply` was running the playbook of {attempt.fix_id}, maybe only half of it: "
                "`blissful-infra status` shows the stack, `blissful-infra up` completes it"
            )
    return told
