"""The errors of the acting half, all rooted at `agent.errors.BlissfulError`.

One class a row of docs/exit-codes.md; a part that needs a code of its own subclasses the row it belongs to.
"""

from agent.errors import BlissfulError


class UsageError(BlissfulError):
    """The command was called in a way it does not accept."""

    code = "wrong-usage"
    exit_code = 2


class ConfigurationError(BlissfulError):
    """A configuration file, an answer or a setting is invalid."""

    code = "invalid-configuration"
    exit_code = 3


class MissingToolError(BlissfulError):
    """A tool or service that is needed is missing or cannot be reached."""

    code = "missing-tool"
    exit_code = 4


class StateFolderError(MissingToolError):
    """The state folder cannot be written."""

    code = "state-folder"


class RenderError(BlissfulError):
    """A template failed to render."""

    code = "template-failed"
    exit_code = 5


class RunFailedError(BlissfulError):
    """A playbook or a service it started failed."""

    code = "run-failed"
    exit_code = 6


class InterruptedRunError(BlissfulError):
    """The run was interrupted, and what it had begun was undone or is named."""

    code = "interrupted"
    exit_code = 130
