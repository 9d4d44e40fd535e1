"""What makes a folder no bundle at all; everything less is a gap."""

from agent.errors import BlissfulError


class BundleError(BlissfulError):
    """The folder cannot be read as an evidence bundle."""

    code = "invalid-bundle"
    exit_code = 3
