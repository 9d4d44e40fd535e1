"""By which label a server of metrics or logs knows a project's services, and which of its values are theirs."""

import re
from collections.abc import Callable, Sequence


def subjects_in(
    labels: Sequence[str], names: Sequence[str], values_of: Callable[[str], Sequence[str]]
) -> tuple[str, dict[str, str]]:
    """The first label that has values of the project, and those values with the service that each stands for.

    A value is a service's when it is its name. None gives `("", {})`.
    """
    for label in labels:
        found = {value: value for value in values_of(label) if value in names}
        if found:
            return label, found
    return "", {}


def selector_of(label: str, values: Sequence[str], namespace: str | None) -> str:
    """The matchers within the braces, of PromQL and LogQL both: `job=~"app|db",namespace="shop"`."""
    any_of = "|".join(re.escape(value) for value in sorted(values)).replace("\\", "\\\\")
    where = f',namespace="{namespace}"' if namespace else ""
    return f'{label}=~"{any_of}"{where}'
