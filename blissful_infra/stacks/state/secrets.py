"""The local stack's passwords: generated once a folder, kept in `secrets.env` with mode 0600, used again."""

import secrets as random
from collections.abc import Iterable

from blissful_infra.runs.redaction import secrets_in
from blissful_infra.stacks.plan import PASSWORD
from blissful_infra.stacks.stack import StackPlan
from blissful_infra.stacks.state.files import write_text, writing

HEADER = "# Generated for this folder's local stack. Not committed; delete it together with the stack's data.\n"


def wanted(plan: StackPlan) -> tuple[str, ...]:
    """The names of the secrets that this stack needs."""
    return (PASSWORD,) if "postgres" in plan.names else ()


def missing(plan: StackPlan) -> tuple[str, ...]:
    """The wanted secrets that are not there yet."""
    known = secrets_in(plan.secrets_file)
    return tuple(name for name in wanted(plan) if not known.get(name))


def ensure(plan: StackPlan) -> bool:
    """Generate what is missing, keep what is there; whether anything was generated."""
    names = missing(plan)
    if not names:
        if plan.secrets_file.exists() and plan.secrets_file.stat().st_mode & 0o077:
            with writing(plan.secrets_file):
                plan.secrets_file.chmod(0o600)
        return False
    values = secrets_in(plan.secrets_file) | {name: random.token_hex(16) for name in names}
    write_text(plan.secrets_file, HEADER + "".join(f"{name}={value}\n" for name, value in values.items()))
    return True


def values_of(plan: StackPlan, names: Iterable[str]) -> dict[str, str]:
    """The values of these secrets, for a child's environment only."""
    known = secrets_in(plan.secrets_file)
    return {name: known[name] for name in names if name in known}
